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

    /**
     * The one session between two nodes, once both have it and no other: where two came up at once, one gives way.
     *
     * @param before a session that it must not be; may be null
     */
    static Meeting awaitSession(Operator one, Operator other, UUID before)
            throws IOException, Steps.Failed, InterruptedException {
        return await("one session, the same at both ends,", SOON, () -> {
            List<SessionInfo> here = one.sessions();
            List<SessionInfo> there = other.sessions();
            boolean same = here.size() == 1
                    && there.size() == 1
                    && here.getFirst().sessionId().equals(there.getFirst().sessionId())
                    && !here.getFirst().sessionId().equals(before);
            return same ? new Meeting(here.getFirst(), there.getFirst()) : null;
        });
    }

    /** One session as its two ends see it. */
    record Meeting(SessionInfo here, SessionInfo there) {
        UUID sessionId() {
            return here.sessionId();
        }
    }

    private List<SessionInfo> sessions() throws IOException {
        return node.list(SessionInfo.class, "/sessions").value().stream()
                .filter(each -> each.state() == SessionState.UP)
                .toList();
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
