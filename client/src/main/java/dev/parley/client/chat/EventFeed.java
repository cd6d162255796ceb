package dev.parley.client.chat;

import dev.parley.admin.NodeEvent;
import dev.parley.client.command.Failure;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Follows a node's events on a thread of its own, and finds the node again when it was away. */
final class EventFeed implements AutoCloseable {
    private static final long RETRY_MILLIS = 1000;

    private final Node node;
    private final Consumer<NodeEvent> events;
    private final Consumer<String> notes;
    private final Runnable returned;
    private final Object lock = new Object();
    private Node.EventStream stream;
    private boolean closed;
    private boolean away;

    /**
     * @param events called on the feed's thread, one after the other; heartbeats are left out
     * @param notes what to tell the person about the feed itself
     * @param returned called on the feed's thread when the node is back, and events come again
     */
    EventFeed(Node node, Consumer<NodeEvent> events, Consumer<String> notes, Runnable returned) {
        this.node = node;
        this.events = events;
        this.notes = notes;
        this.returned = returned;
    }

    /** Where nothing is to be made up for. */
    EventFeed(Node node, Consumer<NodeEvent> events, Consumer<String> notes) {
        this(node, events, notes, () -> {});
    }

    /** Subscribes, and throws if that fails; then follows until {@link #close}. */
    EventFeed start() throws IOException {
        // The first event is a heartbeat: from then on nothing is missed.
        Node.EventStream first = node.events(List.of());
        first.next();
        adopt(first);
        Thread.ofPlatform().daemon().name("events").start(this::follow);
        return this;
    }

    private void follow() {
        while (true) {
            try {
                Node.EventStream current = current();
                if (current == null) {
                    return;
                }
                for (Answer<NodeEvent> event = current.next(); event != null; event = current.next()) {
                    back();
                    if (!(event.value() instanceof NodeEvent.Heartbeat)) {
                        events.accept(event.value());
                    }
                }
                lost("it was stopped");
            } catch (IOException e) {
                lost(Failure.of(e).getMessage());
            }
        }
    }

    private void lost(String why) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            stream = null;
            if (!away) {
                away = true;
                notes.accept("the node is away (" + why + "); waiting for it");
            }
        }
    }

    private void back() {
        if (away) {
            away = false;
            notes.accept("the node is back");
            returned.run();
        }
    }

    /** The stream to read from, waiting for one if the node is away; null once closed. */
    private Node.EventStream current() throws IOException {
        synchronized (lock) {
            if (stream == null && !closed) {
                try {
                    lock.wait(RETRY_MILLIS);
                } catch (InterruptedException e) {
                    closed = true;
                }
            }
            if (closed || stream != null) {
                return closed ? null : stream;
            }
        }
        return adopt(node.events(List.of()));
    }

    private Node.EventStream adopt(Node.EventStream opened) {
        synchronized (lock) {
            stream = opened;
            if (closed) {
                opened.close();
                return null;
            }
            return opened;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
            if (stream != null) {
                stream.close();
            }
        }
    }
}
