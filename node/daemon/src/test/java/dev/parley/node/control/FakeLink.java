package dev.parley.node.control;

import dev.parley.node.session.Session;
import dev.parley.node.session.Ticks;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A session's connection that goes nowhere and keeps what was to be sent. */
final class FakeLink implements Session.Link {
    final List<Record> sent = new CopyOnWriteArrayList<>();
    final List<Failure> closed = new CopyOnWriteArrayList<>();

    @Override
    public void execute(Runnable task) {
        task.run();
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
