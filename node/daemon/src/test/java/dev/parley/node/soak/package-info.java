/** Nodes that die at the worst instants, and what their records say afterwards. Uses nothing but their processes and sockets. */
package dev.parley.node.soak;
