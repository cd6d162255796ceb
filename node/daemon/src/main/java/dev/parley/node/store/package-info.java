/** How state is kept on disk. Knows nothing of what it keeps, and of no other package. */
package dev.parley.node.store;
