package dev.parley.node.audit;

import java.util.concurrent.CompletionStage;

/** Takes events; the node's own writes them to {@code net.log}. */
@FunctionalInterface
public interface AuditLog {
    /**
     * Records an event. Events keep the order in which this is called. It returns at once, except when so much waits
     * to be written that the caller has to wait its turn.
     *
     * @return completes when the line has been handed to the operating system, so that it outlives the death of the
     *     process; completes exceptionally if it could not be written
     */
    CompletionStage<Void> record(AuditEvent event);
}
