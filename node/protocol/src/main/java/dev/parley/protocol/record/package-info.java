/**
 * Sealing and opening records, one object per direction, and the ratchet (sections 5 and 6).
 *
 * <p>May depend on {@code wire}, {@code crypto} and {@code handshake}.
 */
package dev.parley.protocol.record;
