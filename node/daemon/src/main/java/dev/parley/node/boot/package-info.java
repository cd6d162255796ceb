/**
 * Starts and stops the node: configuration and {@code CREDENTIALS.txt}, data directory and lock, identity, the order in
 * which the parts come up and go down, health, metrics, exit codes.
 *
 * <p>The only package that may depend on all others; none depends on it. The only one that prints to the terminal.
 */
package dev.parley.node.boot;
