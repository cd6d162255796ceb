/**
 * The seals of {@code net.log}: how lines are chained and signed, how a copy of a log is verified with nothing but the identity of
 * the node that wrote it, and what forgeries of it look like. No network, no daemon.
 *
 * <p>A line begins {@code {"time":"…","seq":n,"prev":"…","level":"…","event":"…"}; {@code prev} is SHA-256 over the line before,
 * without its line end ({@link dev.parley.evidence.LineHead}). Now and then a line is a {@link dev.parley.evidence.Checkpoint},
 * signed by a key that the checkpoint before announced and that is erased once it has signed
 * ({@link dev.parley.evidence.Sealer}). {@link dev.parley.evidence.LogVerifier} checks all of it. Binary values in lines are
 * base64url without padding.
 */
package dev.parley.evidence;
