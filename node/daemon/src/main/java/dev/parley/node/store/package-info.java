/**
 * How state is kept on disk: small files that are replaced as a whole, and the database of messages and files with its
 * schema, its one writer and the key that seals what is private in it. Knows nothing of what it keeps; may use {@code audit}
 * and {@code config}.
 */
package dev.parley.node.store;
