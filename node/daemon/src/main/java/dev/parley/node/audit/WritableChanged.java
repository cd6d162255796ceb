package dev.parley.node.audit;

/**
 * Tells the rest of the node that net.log cannot be written any more, or that it can again.
 *
 * @param writable whether it can
 * @param problem why not, in words; null where it can
 */
public record WritableChanged(boolean writable, String problem) {}
