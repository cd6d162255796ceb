package dev.parley.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bench.Peer;
import dev.parley.node.testing.Strangers;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.wire.Record;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.UUID;

/** A peer that speaks of files as it is told to, the protocol's rules or not. */
final class FilePeer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Peer peer;
    private final Deque<Record> received = new ArrayDeque<>();

    FilePeer(int port, ChannelSettings settings) throws IOException {
        peer = Strangers.up(port, settings, event -> {
            if (event instanceof ChannelEvent.Received came) {
                received.add(came.record());
            }
        });
    }

    static Record.FileOffer offer(UUID id, byte[] content) {
        return new Record.FileOffer(id, content.length, Hash.sha256(content), "a/../b.bin", "application/octet-stream");
    }

    FilePeer send(Record record) throws IOException {
        assertThat(peer.send(record)).isTrue();
        peer.turn(0);
        return this;
    }

    /** The next record of this kind; others before it are dropped. */
    <T extends Record> T await(Class<T> kind) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            while (!received.isEmpty()) {
                Record next = received.remove();
                if (kind.isInstance(next)) {
                    return kind.cast(next);
                }
            }
            assertThat(peer.ending()).as("the session is up").isEmpty();
            peer.turn(50);
        }
        throw new AssertionError("no " + kind.getSimpleName() + " came");
    }

    Record.FileStatus awaitEnd(UUID id) throws IOException {
        Record.FileEnd end = await(Record.FileEnd.class);
        assertThat(end.id()).isEqualTo(id);
        return end.status();
    }

    /** Sends a content from an offset, as the window allows. */
    void pour(UUID id, byte[] content, int from, int chunk, long window) throws IOException {
        long granted = from + window;
        for (int at = from; at < content.length; ) {
            int length = Math.min(chunk, content.length - at);
            while (at + length > granted) {
                granted = await(Record.FileProgress.class).received() + window;
            }
            send(new Record.FileChunk(id, at, Arrays.copyOfRange(content, at, at + length)));
            at += length;
        }
    }

    void turn() throws IOException {
        peer.turn(20);
    }

    @Override
    public void close() throws IOException {
        peer.abort();
    }
}
