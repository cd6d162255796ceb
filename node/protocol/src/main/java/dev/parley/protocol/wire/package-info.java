/**
 * What travels: frames, records, strict reading and writing, limits, and the one list of failure codes.
 *
 * <p>Pure data. Depends on the JDK's core alone and on no other package of the protocol.
 */
package dev.parley.protocol.wire;
