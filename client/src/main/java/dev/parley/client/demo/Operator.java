package dev.parley.client.demo;

import dev.parley.admin.IdentityInfo;
import dev.parley.admin.NodeEvent;
import dev.parley.admin.NodeStatus;
import dev.parley.admin.SessionInfo;
import dev.parley.admin.SessionState;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Drives one node over its admin socket and watches its events. */
final class Operator implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(40);

    private final String name;
    private final Node node;
    private final NodeStatus status;
    private final IdentityInfo identity;
    private final Node.EventStream stream;
    private final List<NodeEvent> events = new ArrayList<>();

    private Operator(String name, Node node, NodeStatus status, IdentityInfo identity, Node.EventStream stream) {
        this.name = name;
        this.node = node;
        this.status = status;
        this.identity = identity;
        this.stream = stream;
    }

    /** Of a node that is ready; returns once its events are coming in. */
    static Operator of(String name, Node node) throws IOException, Steps.Failed, InterruptedException {
        Operator operator = new Operator(
                name,
                node,
                node.get(NodeStatus.class, "/status").value(),
                node.get(IdentityInfo.class, "/identity").value(),
                node.events(List.of()));
        CountDownLatch begun = new CountDownLatch(1);
        Thread.ofVirtual().name(name + "'s events").start(() -> operator.collect(begun));
        if (!begun.await(SOON.toMillis(), TimeUnit.MILLISECONDS)) {
            operator.close();
            throw new Steps.Failed("the stream of " + name + "'s events did not begin");
        }
        return operator;
    }

    private void collect(CountDownLatch begun) {
        try {
            for (Answer<NodeEvent> next; (next = stream.next()) != null; ) {
                synchronized (events) {
                    events.add(next.value());
                    events.notifyAll();
                }
                begun.countDown();
            }
        } catch (IOException e) {
            // The node has stopped, or the demo has: whoever waits for an event says what is missing.
        }
    }

    String name() {
        return name;
    }

    Node node() {
        return node;
    }

    String peerId() {
        return status.peerId();
    }

    /** When it became ready. */
    NodeStatus status() {
        return status;
    }

    IdentityInfo identity() {
        return identity;
    }

    /** The first event of this type that fits, past or to come. */
    <T extends NodeEvent> T awaitEvent(String what, Class<T> type, Predicate<T> fits)
            throws Steps.Failed, InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        synchronized (events) {
            while (true) {
                for (NodeEvent each : events) {
                    if (type.isInstance(each) && fits.test(type.cast(each))) {
                        return type.cast(each);
                    }
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw notSeen(what, SOON);
                }
                events.wait(left);
            }
        }
    }

    /** A session that is up, other than the one given (which may be null). */
    SessionInfo awaitSession(UUID other) throws IOException, Steps.Failed, InterruptedException {
        return await(
                "a session at " + name,
                SOON,
                () -> session(each -> !each.sessionId().equals(other)));
    }

    /** The session with this id, once it is up. */
    SessionInfo awaitSessionWithId(UUID id) throws IOException, Steps.Failed, InterruptedException {
        return await(
                "session " + id + " at " + name,
                SOON,
                () -> session(each -> each.sessionId().equals(id)));
    }

    private SessionInfo session(Predicate<SessionInfo> fits) throws IOException {
        return node.list(SessionInfo.class, "/sessions").value().stream()
                .filter(each -> each.state() == SessionState.UP)
                .filter(fits)
                .findFirst()
                .orElse(null);
    }

    /** Something that has to be asked again and again until it is so. */
    @FunctionalInterface
    interface Question<T> {
        /** @return null while it is not so */
        T ask() throws IOException, Steps.Failed;
    }

    static <T> T await(String what, Duration timeout, Question<T> question)
            throws IOException, Steps.Failed, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            T answer = question.ask();
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                throw notSeen(what, timeout);
            }
            Thread.sleep(POLL);
        }
    }

    private static Steps.Failed notSeen(String what, Duration timeout) {
        return new Steps.Failed(what + " was not seen within " + timeout.toSeconds() + " s");
    }

    @Override
    public void close() {
        stream.close();
    }
}
