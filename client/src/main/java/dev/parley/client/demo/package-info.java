/**
 * {@code parley demo}: two real nodes as processes, a tapped wire between them, and every step checked.
 *
 * <p>The demo sees the nodes as an operator and an eavesdropper do: over their admin sockets, in {@code net.log}, on
 * the wire. May depend on the client's {@code http} package and Jackson; nothing depends on it but the list of
 * commands.
 */
package dev.parley.client.demo;
