/**
 * The handshake of section 4: one type per awaited message, and the key schedule.
 *
 * <p>May depend on {@code wire} and {@code crypto}.
 */
package dev.parley.protocol.handshake;
