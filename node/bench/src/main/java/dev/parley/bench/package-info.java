/**
 * Load for a running node, and a plain peer to make it with: {@link dev.parley.bench.Peer} holds one session over a blocking
 * socket on the caller's thread. May use the protocol and picocli, nothing of the node: what is measured is what a peer sees.
 * Never shipped; tests of the node use the peer too.
 */
package dev.parley.bench;
