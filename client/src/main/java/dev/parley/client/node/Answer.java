package dev.parley.client.node;

/**
 * What the node answered.
 *
 * @param value as a record, or a list of records
 * @param json the same as the node wrote it, one line: what {@code --json} prints
 */
public record Answer<T>(T value, String json) {}
