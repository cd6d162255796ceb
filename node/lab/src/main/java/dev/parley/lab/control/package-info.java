/**
 * Peers that are weak on purpose, each in one way: what an attack must beat before its failure against a node means anything. They
 * speak a small protocol of their own over real sockets, with the JDK's ciphers, and share no code with a node.
 *
 * <p>{@link dev.parley.lab.control.Control} is two peers that have each defence, but for those that it is told to do without.
 * {@link dev.parley.lab.control.Handshake}, {@link dev.parley.lab.control.RecordKeys} and {@link dev.parley.lab.control.Session} are
 * the protocol; attackers that speak it use them too. Depends on the lab's frames, and on nothing of Parley.
 */
package dev.parley.lab.control;
