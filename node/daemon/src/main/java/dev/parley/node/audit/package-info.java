/**
 * What the node remembers of all that happened: the events, and {@code net.log} that they are written to.
 *
 * <p>Depends on {@code config}, the logging library and the JSON generator, nothing else of the node. Events hold no key, no plaintext and
 * no passphrase; what a peer says of itself is a {@link dev.parley.node.audit.Claim}.
 */
package dev.parley.node.audit;
