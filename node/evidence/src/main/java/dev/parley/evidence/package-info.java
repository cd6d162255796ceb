/**
 * The seals of {@code net.log}: how lines are chained and signed, how a copy of a log is verified with nothing but the identity of
 * the node that wrote it, and what forgeries of it look like. No network, no daemon.
 */
package dev.parley.evidence;
