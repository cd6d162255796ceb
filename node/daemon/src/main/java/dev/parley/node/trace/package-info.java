/**
 * Traces for OpenTelemetry (TRACING.md): off by default, and then no class of its libraries is loaded. {@link
 * dev.parley.node.trace.Tracing} is all that the rest of the node sees of it. Spans hold ids, sizes and outcomes; never a content, a name or a key.
 *
 * <p>May use {@code config}.
 */
package dev.parley.node.trace;
