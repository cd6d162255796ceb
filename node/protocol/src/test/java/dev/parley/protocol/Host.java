package dev.parley.protocol;

import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One end of a simulated connection: does what a real host does, at once, and remembers every event. */
final class Host {
    final Channel channel;
    final List<ChannelEvent> events = new ArrayList<>();
    /** What was written and not yet delivered. */
    final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    boolean runTasks = true;
    boolean decide = true;
    boolean outputShut;
    boolean shutDelivered;

    private Host(Channel channel) {
        this.channel = channel;
    }

    static Host initiator(ChannelSettings settings, Optional<PeerId> expected, long now) {
        return new Host(Channel.initiate(settings, expected, now));
    }

    static Host responder(ChannelSettings settings, long now) {
        return new Host(Channel.respond(settings, now));
    }

    void receive(byte[] bytes, long now) {
        channel.receive(ByteBuffer.wrap(bytes), now);
    }

    /** Writes and handles events until there is nothing to do. */
    void settle(long now) {
        boolean busy = true;
        while (busy) {
            busy = false;
            byte[] out = channel.transmit(1 << 16, now);
            if (out.length > 0) {
                wire.writeBytes(out);
                busy = true;
            }
            ChannelEvent event = channel.poll();
            if (event != null) {
                events.add(event);
                handle(event, now);
                busy = true;
            }
        }
    }

    byte[] takeWire() {
        byte[] bytes = wire.toByteArray();
        wire.reset();
        return bytes;
    }

    <E extends ChannelEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    boolean saw(Class<? extends ChannelEvent> type) {
        return !all(type).isEmpty();
    }

    List<Record> received() {
        return all(ChannelEvent.Received.class).stream()
                .map(ChannelEvent.Received::record)
                .toList();
    }

    /** Returns how it ended; null while it has not. */
    Ending ending() {
        List<ChannelEvent.Ended> endings = all(ChannelEvent.Ended.class);
        if (endings.size() > 1) {
            throw new AssertionError("ended twice");
        }
        return endings.isEmpty() ? null : endings.getFirst().ending();
    }

    private void handle(ChannelEvent event, long now) {
        switch (event) {
            case ChannelEvent.TaskReady ready
            when runTasks -> {
                ready.task().run();
                channel.complete(ready.task(), now);
            }
            case ChannelEvent.ResponderNamed named when decide -> channel.proceed(now);
            case ChannelEvent.InitiatorProved proved when decide -> channel.admit(now);
            case ChannelEvent.ShutdownOutput shut -> outputShut = true;
            case ChannelEvent.Ended ended -> outputShut = true;
            default -> {}
        }
    }
}
