package dev.parley.node.control;

import dev.parley.admin.ErrorCode;
import dev.parley.admin.NodeEvent;
import dev.parley.node.config.ParleyConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Hands each event of the node to everyone who follows. Publishing never waits for a reader. */
@ApplicationScoped
class EventStream {
    /** More than any operator has terminals; each stream holds a thread and a buffer. */
    static final int MAX_STREAMS = 64;

    private static final int SMALL_EVENT_BYTES = 1024;

    private final List<EventSubscription> subscriptions = new CopyOnWriteArrayList<>();
    private final int bufferedEvents;

    EventStream(ParleyConfig config) {
        bufferedEvents = config.admin().streamBuffer();
    }

    void publish(NodeEvent event) {
        publish(event.getClass(), SMALL_EVENT_BYTES, () -> event);
    }

    void publish(Class<? extends NodeEvent> kind, Supplier<? extends NodeEvent> event) {
        publish(kind, SMALL_EVENT_BYTES, event);
    }

    /**
     * Publishes an event that costs something to make: it is made at most once, on a reader's thread, if anyone reads it.
     *
     * @param weight about how many bytes the event holds on to
     */
    void publish(Class<? extends NodeEvent> kind, int weight, Supplier<? extends NodeEvent> event) {
        if (subscriptions.isEmpty()) {
            return;
        }
        var shared = new Once(event);
        for (EventSubscription each : subscriptions) {
            each.offer(kind, weight, shared);
        }
    }

    /** @param kinds what the reader wants to see; empty for all */
    EventSubscription subscribe(Set<Class<? extends NodeEvent>> kinds) {
        var subscription = new EventSubscription(kinds, bufferedEvents, subscriptions::remove);
        synchronized (this) {
            if (subscriptions.size() >= MAX_STREAMS) {
                throw new ApiException(
                        ErrorCode.NODE_BUSY,
                        "the node serves " + MAX_STREAMS + " event streams, no more",
                        "end a client that watches");
            }
            subscriptions.add(subscription);
        }
        return subscription;
    }

    /** How many readers there are. */
    int streams() {
        return subscriptions.size();
    }

    /** How many events wait for readers. */
    int waiting() {
        return subscriptions.stream().mapToInt(EventSubscription::waiting).sum();
    }

    /** Makes an event once for all readers. */
    private static final class Once implements Supplier<NodeEvent> {
        private final Supplier<? extends NodeEvent> source;
        private NodeEvent event;

        Once(Supplier<? extends NodeEvent> source) {
            this.source = source;
        }

        @Override
        public synchronized NodeEvent get() {
            if (event == null) {
                event = source.get();
            }
            return event;
        }
    }
}
