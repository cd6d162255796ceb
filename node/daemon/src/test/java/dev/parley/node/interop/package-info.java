/**
 * The node against the independent peer of {@code node/interop}, which was written from the protocol's text alone. Uses
 * the harness for whole processes and nothing else of the node.
 */
package dev.parley.node.interop;
