/**
 * The network: a server that accepts peers, a dialer that reaches them and keeps them connected, a look-out
 * for those that DNS knows, and the connection that pumps
 * bytes between a socket and a protocol {@link dev.parley.protocol.Channel}. Here are the bounds that keep strangers from
 * costing much: half-open handshakes, unwraps an address, work under way. May use {@code session}, {@code trust} and
 * {@code audit}; no other package touches peers' sockets.
 */
package dev.parley.node.net;
