package dev.parley.node.trace;

import dev.parley.node.config.ParleyConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Begins the steps of a message's way. Where {@code parley.trace.enabled} is false every step is {@link Step#NONE}. Thread-safe.
 */
@ApplicationScoped
public class Tracing {

    private final ParleyConfig.Trace config;
    /** Null where nothing is traced: then its class, and all that it needs, is not even loaded. */
    private volatile Exporting exporting;

    public Tracing(ParleyConfig config) {
        this.config = config.trace();
    }

    /** Begins to trace, where that is wanted. @param instance who this node is */
    public void start(String instance) {
        if (config.enabled()) {
            exporting = new Exporting(config, instance);
        }
    }

    /** Exports what waits, and ends; 2 s at the most. Steps that begin later are not traced. */
    public void stop() {
        Exporting last = exporting;
        exporting = null;
        if (last != null) {
            last.close();
        }
    }

    /**
     * Does what a request of an operator asks for, as a step that others on this thread are children of.
     *
     * @param traceparent what the request says of its own trace (W3C Trace Context), or null
     */
    public <T> T request(String name, String traceparent, Supplier<T> work) {
        Exporting now = exporting;
        return now == null ? work.get() : now.request(name, traceparent, work);
    }

    /** A message is taken and made durable; child of the request on this thread, if there is one. */
    public Step outbox() {
        Exporting now = exporting;
        return now == null ? Step.NONE : now.outbox();
    }

    /** A message is handed to a session, until it is answered. @param stored its place in its trace */
    public Step session(Optional<TraceContext> stored) {
        Exporting now = exporting;
        return now == null || stored.isEmpty() ? Step.NONE : now.session(stored.get());
    }

    /** A message has come, until it is answered. @param claimed what a peer that is let in says of its trace */
    public Step inbox(Optional<TraceContext> claimed) {
        Exporting now = exporting;
        return now == null ? Step.NONE : now.inbox(claimed);
    }
}
