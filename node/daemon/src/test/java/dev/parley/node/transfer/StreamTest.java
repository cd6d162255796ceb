package dev.parley.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bench.ThrowawayKeys;
import dev.parley.node.session.Session;
import dev.parley.node.session.Ticks;
import dev.parley.node.store.Vault;
import dev.parley.node.store.Vaults;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One session's conversations, with a disk that stands still: nothing but what the session itself does happens. */
class StreamTest {
    private static final int CHUNK = Limits.FILE_CHUNK_DATA;
    private static final byte[] CONTENT = new byte[64 << 20];
    private static final byte[] HASH = Hash.sha256(CONTENT);
    /** Bytes of a content whose hash is not made at one go. */
    private static final long MORE_THAN_A_STEP = 24L << 20;

    private final Link link = new Link();
    private final Session session = new Session(
            new Session.Facts(
                    UUID.randomUUID(),
                    Identity.of(ThrowawayKeys.make(1).getFirst(), "", "", List.of()),
                    true,
                    "192.0.2.1:3001",
                    Suite.A256GCM,
                    Instant.now()),
            link,
            true);
    private final Deque<Runnable> disk = new ArrayDeque<>();
    private final LiveTransfers live = new LiveTransfers(peer -> {});
    private final Shared shared = new Shared(disk::add, null, null, null, live, peer -> true, event -> null, List.of());
    private final SessionFiles files = new SessionFiles(session, shared, new Offers(shared));

    @Test
    void bytesBeyondTheWindowEndTheTransfer() {
        IncomingStream stream = accepted();
        long sent = 0;
        for (; sent < IncomingStream.WINDOW; sent += CHUNK) {
            stream.chunk(new Record.FileChunk(stream.id(), sent, new byte[CHUNK]));
        }
        assertThat(ends()).isEmpty();
        stream.chunk(new Record.FileChunk(stream.id(), sent, new byte[1]));
        assertThat(ends()).containsExactly(FileStatus.FAILED);
        stream.chunk(new Record.FileChunk(stream.id(), sent, new byte[1]));
        assertThat(ends()).as("said once").hasSize(1);
    }

    @Test
    void progressWidensTheWindow() {
        IncomingStream stream = accepted();
        long sent = 0;
        for (; sent < IncomingStream.WINDOW; sent += CHUNK) {
            stream.chunk(new Record.FileChunk(stream.id(), sent, new byte[CHUNK]));
        }
        stream.processed(CHUNK);
        assertThat(link.sent).contains(new Record.FileProgress(stream.id(), CHUNK));
        stream.chunk(new Record.FileChunk(stream.id(), sent, new byte[CHUNK]));
        assertThat(ends()).isEmpty();
        stream.chunk(new Record.FileChunk(stream.id(), sent + CHUNK, new byte[1]));
        assertThat(ends()).containsExactly(FileStatus.FAILED);
    }

    @Test
    void chunksBeforeTheyAreWantedAreIgnored() {
        IncomingStream stream = offered();
        stream.chunk(new Record.FileChunk(stream.id(), 5, new byte[5]));
        assertThat(link.sent).isEmpty();
    }

    @Test
    void noMoreIsSentThanTheWindowAllows() {
        OutgoingStream stream = flowing(0, Limits.FILE_WINDOW_FLOOR);
        assertThat(bytes()).isEqualTo(Limits.FILE_WINDOW_FLOOR);
        files.writable();
        assertThat(bytes()).isEqualTo(Limits.FILE_WINDOW_FLOOR);
        stream.progressed(new Record.FileProgress(stream.id(), Limits.FILE_WINDOW_FLOOR / 4));
        files.pump();
        assertThat(bytes()).isEqualTo(Limits.FILE_WINDOW_FLOOR * 5 / 4);
        assertThat(chunks()).allMatch(chunk -> chunk.data().length <= Limits.FILE_WINDOW_FLOOR / 4);
    }

    @Test
    void fewChunksWaitInTheSessionAtATime() {
        flowing(0, 8 << 20);
        assertThat(bytes()).isEqualTo(256 << 10);
        files.pump();
        assertThat(bytes()).isEqualTo(256 << 10);
        files.writable();
        assertThat(bytes()).isEqualTo(512 << 10);
    }

    @Test
    void transfersTakeTurns() {
        OutgoingStream one = flowing(0, 8 << 20);
        OutgoingStream other = flowing(0, 8 << 20);
        link.sent.clear();
        files.writable();
        files.writable();
        long ofOne =
                chunks().stream().filter(chunk -> chunk.id().equals(one.id())).count();
        long ofOther =
                chunks().stream().filter(chunk -> chunk.id().equals(other.id())).count();
        assertThat(ofOther).isPositive();
        assertThat(Math.abs(ofOne - ofOther)).isLessThanOrEqualTo(1);
    }

    @Test
    void whatNobodyCanHaveReceivedEndsTheTransfer() {
        OutgoingStream stream = flowing(0, 8 << 20);
        files.pump();
        stream.progressed(new Record.FileProgress(stream.id(), bytes() + 1));
        assertThat(ends()).containsExactly(FileStatus.FAILED);
    }

    @Test
    void progressGoesForwardAlone() {
        OutgoingStream stream = flowing(CHUNK, 8 << 20);
        stream.progressed(new Record.FileProgress(stream.id(), CHUNK - 1));
        assertThat(ends()).containsExactly(FileStatus.FAILED);
    }

    @Test
    void nobodyCanWantAFileFromBehindItsEnd() {
        OutgoingStream stream = claimed();
        stream.accepted(new Record.FileAccept(stream.id(), CONTENT.length + 1L, CHUNK));
        assertThat(ends()).containsExactly(FileStatus.FAILED);
        OutgoingStream huge = claimed();
        huge.accepted(new Record.FileAccept(huge.id(), -1, CHUNK));
        assertThat(ends()).hasSize(2);
    }

    @Test
    void nobodyHasAllBeforeAllWasSent() {
        OutgoingStream stream = flowing(0, 8 << 20);
        files.received(new Record.FileEnd(stream.id(), FileStatus.COMPLETE));
        assertThat(ends()).containsExactly(FileStatus.FAILED);
    }

    @Test
    void fourAtOnceAndTheRestInOrder() {
        List<Outgoing> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(outgoing(i));
        }
        all.reversed().forEach(live::putBack);
        files.fill();
        assertThat(offers()).containsExactlyElementsOf(ids(all.subList(0, 4)));
        files.received(new Record.FileEnd(all.get(1).key.id(), FileStatus.REFUSED));
        assertThat(offers()).containsExactlyElementsOf(ids(all.subList(0, 5)));
    }

    @Test
    void aCutWhileTheHashCatchesUpStopsNothing(@TempDir Path home) throws IOException {
        try (Vault vault = Vaults.fresh()) {
            Spool spool = Spool.open(home.resolve("spool"), vault, Set.of());
            Shared withSpool = new Shared(disk::add, null, spool, null, live, peer -> true, event -> null, List.of());
            IncomingStream first = offered();
            Transfer start = transfer(first.id(), false, 0).at(MORE_THAN_A_STEP, OptionalLong.empty());
            try (SpoolWriter writer = spool.create(start.key())) {
                for (long at = 0; at < MORE_THAN_A_STEP; at += Spool.CHUNK) {
                    writer.append(CONTENT, Spool.CHUNK);
                }
            }
            Incoming incoming = new Incoming(withSpool, start, true);
            incoming.offered(first);
            incoming.cut(first);
            incoming.offered(new IncomingStream(first.offer(), files, session));
            while (!disk.isEmpty()) {
                disk.remove().run();
            }
            assertThat(incoming.now().state()).isEqualTo(TransferState.RUNNING);
            assertThat(link.sent).endsWith(new Record.FileAccept(first.id(), MORE_THAN_A_STEP, IncomingStream.WINDOW));
            incoming.close();
        }
    }

    private IncomingStream offered() {
        UUID id = UUID.randomUUID();
        return new IncomingStream(new Record.FileOffer(id, CONTENT.length, HASH, "x", ""), files, session);
    }

    private IncomingStream accepted() {
        IncomingStream stream = offered();
        stream.bind(new Incoming(shared, transfer(stream.id(), false, 0), true));
        stream.accept(0);
        return stream;
    }

    private OutgoingStream claimed() {
        Outgoing transfer = outgoing(0);
        OutgoingStream stream = new OutgoingStream(transfer, files, session);
        stream.offer();
        return stream;
    }

    /** One that the session offers, the peer wants and the disk has read ahead far. */
    private OutgoingStream flowing(long offset, long window) {
        Outgoing transfer = outgoing(0);
        live.putBack(transfer);
        files.fill();
        OutgoingStream stream = files.outgoing(transfer.key.id()).orElseThrow();
        stream.accepted(new Record.FileAccept(stream.id(), offset, window));
        int piece = (int) Math.min(CHUNK, window / 4);
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            pieces.add(new byte[piece]);
        }
        stream.loaded(pieces);
        return stream;
    }

    private Outgoing outgoing(int n) {
        return new Outgoing(shared, transfer(UUID.randomUUID(), true, n));
    }

    private Transfer transfer(UUID id, boolean outgoing, int n) {
        return new Transfer(
                id,
                session.peerId(),
                outgoing,
                "x",
                "",
                CONTENT.length,
                HASH,
                TransferState.WAITING,
                0,
                OptionalLong.empty(),
                Instant.ofEpochSecond(n),
                Optional.empty(),
                Optional.empty());
    }

    private List<FileStatus> ends() {
        return link.sent.stream()
                .filter(Record.FileEnd.class::isInstance)
                .map(each -> ((Record.FileEnd) each).status())
                .toList();
    }

    private List<UUID> offers() {
        return link.sent.stream()
                .filter(Record.FileOffer.class::isInstance)
                .map(each -> ((Record.FileOffer) each).id())
                .toList();
    }

    private List<Record.FileChunk> chunks() {
        return link.sent.stream()
                .filter(Record.FileChunk.class::isInstance)
                .map(Record.FileChunk.class::cast)
                .toList();
    }

    private long bytes() {
        return chunks().stream().mapToLong(each -> each.data().length).sum();
    }

    private static List<UUID> ids(List<Outgoing> transfers) {
        return transfers.stream().map(each -> each.key.id()).toList();
    }

    /** A connection that takes everything and goes nowhere. */
    private static final class Link implements Session.Link {
        final List<Record> sent = new ArrayList<>();

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
        public void close(Failure failure, String reason) {}

        @Override
        public int remoteMaxPlaintext() {
            return Limits.MAX_PLAINTEXT_USUAL;
        }

        @Override
        public long lastHeard() {
            return Ticks.now();
        }

        @Override
        public long epoch() {
            return 0;
        }

        @Override
        public long bytesIn() {
            return 0;
        }

        @Override
        public long bytesOut() {
            return 0;
        }
    }
}
