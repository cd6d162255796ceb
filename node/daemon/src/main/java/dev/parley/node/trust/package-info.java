/**
 * Trust: which peers this node knows and what its operator has decided about each ({@link dev.parley.node.trust.KnownPeers}),
 * and so who may connect ({@link dev.parley.node.trust.TrustPolicy}). May use {@code store}, {@code audit} and {@code config};
 * knows nothing of sessions: who has to act on a decision listens ({@link dev.parley.node.trust.PeerListener}).
 */
package dev.parley.node.trust;
