/**
 * Two built nodes, as processes, that talk to each other: what only shows in the whole. Uses the harness for whole processes and
 * nothing else of the node.
 */
package dev.parley.node.pair;
