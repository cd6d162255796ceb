/**
 * What the node remembers of all that happened: the events, and {@code net.log} that they are written to.
 *
 * <p>Depends on {@code config}, on {@code dev.parley.evidence}, which defines the chain and its seals, on the protocol's keys, and on the
 * logging library, nothing else of the node. Events hold no key, no plaintext and
 * no passphrase; what a peer says of itself is a {@link dev.parley.node.audit.Claim}.
 */
package dev.parley.node.audit;
