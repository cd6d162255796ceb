package dev.parley.node.control;

import dev.parley.node.session.Session;
import dev.parley.node.session.Ticks;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A session's connection that goes nowhere and keeps what was to be sent. */
final class FakeLink implements Session.Link {
    final List<Record> sent = new CopyOnWriteArrayList<>();
    final List<Failure> closed = new CopyOnWriteArrayList<>();

    /** Plays the event loop: one task after the other. */
    private final ExecutorService loop = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("fake-loop-", 0).factory());

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /** Runs a task on the loop, and waits for it. */
    void run(Runnable task) {
        try {
            loop.submit(task).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean send(Record record) {
        return sent.add(record);
    }

    @Override
    public void ping() {}

    @Override
    public void close(Failure failure, String reason) {
        closed.add(failure);
    }

    @Override
    public int remoteMaxPlaintext() {
        return 2 << 20;
    }

    @Override
    public long lastHeard() {
        return Ticks.now();
    }

    @Override
    public long epoch() {
        return 3;
    }

    List<Record.Message> messages() {
        return sent.stream()
                .filter(Record.Message.class::isInstance)
                .map(Record.Message.class::cast)
                .toList();
    }

    @Override
    public long bytesOut() {
        return 11;
    }

    @Override
    public long bytesIn() {
        return 7;
    }
}
