package dev.parley.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.bench.ThrowawayKeys;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.net.HostPort;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.testing.Strangers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to peers. */
@QuarkusTest
@TestProfile(ReceivingTest.Profile.class)
class SendingTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long WIDE = 8L << 20;

    @Inject
    PeerNetwork network;

    @Inject
    KnownPeers peers;

    @Inject
    Transfers transfers;

    @Inject
    ParleyConfig config;

    private final ChannelSettings settings =
            Strangers.settings(ThrowawayKeys.make(1).getFirst());
    private final PeerId peerId = settings.identity().peerId();
    private final byte[] content = content(5 * Spool.CHUNK + 13);

    @BeforeEach
    void know() {
        peers.introduce(peerId, Optional.empty(), List.of());
    }

    @AfterEach
    void forget() {
        peers.forget(peerId);
        await().atMost(SOON).until(() -> transfers.open() == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Spool.CHUNK, 5 * Spool.CHUNK + 13})
    void aFileWaitsForItsPeerAndGoesWhenItComes(int size) throws Exception {
        byte[] sent = content(size);
        UUID id = send(sent);
        assertThat(transfers.get(id).orElseThrow().state()).isEqualTo(TransferState.WAITING);
        assertThat(transfers.get(id).orElseThrow().reason()).hasValue("the peer to be connected");
        try (FilePeer peer = up()) {
            Record.FileOffer offer = peer.await(Record.FileOffer.class);
            assertThat(offer.id()).isEqualTo(id);
            assertThat(offer.size()).isEqualTo(size);
            assertThat(offer.sha256()).isEqualTo(Hash.sha256(sent));
            assertThat(offer.name()).isEqualTo("c.bin");
            awaitState(id, TransferState.OFFERED);
            peer.send(new Record.FileAccept(id, 0, WIDE));
            assertThat(collected(peer, 0, size)).isEqualTo(sent);
            peer.send(new Record.FileEnd(id, FileStatus.COMPLETE));
            awaitState(id, TransferState.COMPLETE);
        }
        assertThat(transfers.get(id).orElseThrow().transferred()).isEqualTo(size);
        assertThat(Files.exists(spooled(id))).as("what was sent takes no room").isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, Spool.CHUNK, Spool.CHUNK + 1, 5 * Spool.CHUNK + 13})
    void thePeerSaysWhereToGoOn(int offset) throws Exception {
        UUID id = send(content);
        try (FilePeer peer = up()) {
            peer.await(Record.FileOffer.class);
            peer.send(new Record.FileAccept(id, offset, WIDE));
            assertThat(collected(peer, offset, content.length))
                    .isEqualTo(java.util.Arrays.copyOfRange(content, offset, content.length));
            peer.send(new Record.FileEnd(id, FileStatus.COMPLETE));
            awaitState(id, TransferState.COMPLETE);
        }
    }

    @Test
    void theSameIsOfferedAgainInTheNextSession() throws Exception {
        UUID id = send(content);
        Record.FileOffer first;
        try (FilePeer peer = up()) {
            first = peer.await(Record.FileOffer.class);
            peer.send(new Record.FileAccept(id, 0, WIDE));
            peer.await(Record.FileChunk.class);
        }
        awaitState(id, TransferState.WAITING);
        try (FilePeer peer = up()) {
            Record.FileOffer again = peer.await(Record.FileOffer.class);
            assertThat(again.id()).isEqualTo(first.id());
            assertThat(again.size()).isEqualTo(first.size());
            assertThat(again.sha256()).isEqualTo(first.sha256());
            peer.send(new Record.FileEnd(id, FileStatus.COMPLETE));
            awaitState(id, TransferState.COMPLETE);
        }
    }

    @Test
    void aPeerThatTakesShortRecordsGetsShortChunks() throws Exception {
        UUID id = send(content);
        try (FilePeer peer = new FilePeer(port(), settings.withMaxPlaintext(Limits.MAX_PLAINTEXT_FLOOR))) {
            peer.await(Record.FileOffer.class);
            peer.send(new Record.FileAccept(id, 0, WIDE));
            assertThat(collected(peer, 0, content.length)).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, DECLINED",
        "CANCELLED, CANCELLED",
        "HASH_MISMATCH, FAILED",
        "FAILED, FAILED",
        "NO_ROOM, FAILED",
    })
    void thePeersAnswerIsTheEnd(FileStatus answer, TransferState state) throws Exception {
        UUID id = send(content);
        try (FilePeer peer = up()) {
            peer.await(Record.FileOffer.class);
            peer.send(new Record.FileEnd(id, answer));
            awaitState(id, state);
        }
        assertThat(transfers.get(id).orElseThrow().reason()).isPresent();
        assertThat(transfers.get(id).orElseThrow().endedAt()).isPresent();
        assertThat(Files.exists(spooled(id))).isFalse();
    }

    @Test
    void theOperatorCancelsWhatWaitsAndWhatRuns() throws Exception {
        UUID waiting = send(content);
        assertThat(transfers.cancelOrRemove(waiting).orElseThrow().state()).isEqualTo(TransferState.CANCELLED);
        UUID running = send(content(64 * Spool.CHUNK));
        try (FilePeer peer = up()) {
            assertThat(peer.await(Record.FileOffer.class).id()).isEqualTo(running);
            peer.send(new Record.FileAccept(running, 0, Limits.FILE_WINDOW_FLOOR));
            peer.await(Record.FileChunk.class);
            assertThat(transfers.cancelOrRemove(running).orElseThrow().state()).isEqualTo(TransferState.CANCELLED);
            assertThat(peer.awaitEnd(running)).isEqualTo(FileStatus.CANCELLED);
        }
        assertThat(transfers.cancelOrRemove(running))
                .as("a second time it is removed")
                .isEmpty();
        assertThatThrownBy(() -> transfers.cancelOrRemove(running)).isInstanceOf(TransferException.class);
    }

    @Test
    void aContentThatWasChangedOnTheDiskIsNotSent() throws Exception {
        UUID id = send(content);
        byte[] sealed = Files.readAllBytes(spooled(id));
        sealed[100] ^= 1;
        Files.write(spooled(id), sealed);
        try (FilePeer peer = up()) {
            peer.await(Record.FileOffer.class);
            peer.send(new Record.FileAccept(id, 0, WIDE));
            assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.FAILED);
        }
        awaitState(id, TransferState.FAILED);
    }

    @Test
    void whatDoesNotComeToItsEndLeavesNothing() throws Exception {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(content), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the caller has gone");
            }
        });
        long before = transfers.spoolBytes();
        assertThatThrownBy(() -> transfers.send(peerId, "c.bin", "a/b", OptionalLong.empty(), broken))
                .isInstanceOf(IOException.class);
        assertThat(transfers.open()).isZero();
        assertThat(transfers.spoolBytes()).isEqualTo(before);
        assertThat(transfers.list(Optional.of(peerId), Optional.empty(), 10)).isEmpty();
    }

    @Test
    void whatIsBeingHandedOverShowsAndCanBeCancelled() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        InputStream slow = new SequenceInputStream(new ByteArrayInputStream(new byte[Spool.CHUNK]), new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return 0;
            }
        });
        var sending = CompletableFuture.supplyAsync(() -> {
            try {
                return transfers.send(peerId, "c.bin", "a/b", OptionalLong.empty(), slow);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        await().atMost(SOON).until(() -> transfers.count(true, TransferState.SPOOLING) == 1);
        Transfer spooling = transfers
                .list(Optional.of(peerId), Optional.of(TransferState.SPOOLING), 10)
                .getFirst();
        assertThat(transfers.cancelOrRemove(spooling.id()).orElseThrow().state())
                .isEqualTo(TransferState.CANCELLED);
        go.countDown();
        assertThatThrownBy(sending::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TransferException.class);
        assertThat(transfers.open()).isZero();
    }

    @Test
    void theSpoolsLimitIsKeptWhetherTheLengthIsSaidOrNot() {
        long more = (200L << 20) + 1;
        assertThatThrownBy(() ->
                        transfers.send(peerId, "c.bin", "a/b", OptionalLong.of(more), InputStream.nullInputStream()))
                .isInstanceOfSatisfying(
                        TransferException.class, e -> assertThat(e.reason()).isEqualTo(TransferException.Reason.QUOTA));
        assertThatThrownBy(() -> transfers.send(peerId, "c.bin", "a/b", OptionalLong.empty(), new Zeros()))
                .isInstanceOfSatisfying(
                        TransferException.class, e -> assertThat(e.reason()).isEqualTo(TransferException.Reason.QUOTA));
        assertThat(transfers.open()).isZero();
        assertThatThrownBy(() -> transfers.send(
                        peerId, "c.bin", "a/b", OptionalLong.of((1L << 30) + 1), InputStream.nullInputStream()))
                .isInstanceOfSatisfying(
                        TransferException.class,
                        e -> assertThat(e.reason()).isEqualTo(TransferException.Reason.TOO_LARGE));
    }

    private static final class Zeros extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return length;
        }
    }

    private UUID send(byte[] bytes) throws IOException {
        return transfers
                .send(peerId, "a/b/c.bin", "a/b", OptionalLong.of(bytes.length), new ByteArrayInputStream(bytes))
                .id();
    }

    private FilePeer up() throws IOException {
        return new FilePeer(port(), settings);
    }

    private int port() {
        return HostPort.parse(network.listenAddress()).port();
    }

    private java.nio.file.Path spooled(UUID id) {
        return config.dataDir().resolve("spool").resolve(new TransferKey(peerId, id, true).fileName());
    }

    private void awaitState(UUID id, TransferState state) {
        await().atMost(SOON).until(() -> transfers.get(id).map(Transfer::state).orElse(null), state::equals);
    }

    private static byte[] collected(FilePeer peer, long from, long to) throws IOException {
        var all = new ByteArrayOutputStream();
        while (from + all.size() < to) {
            Record.FileChunk chunk = peer.await(Record.FileChunk.class);
            assertThat(chunk.offset()).isEqualTo(from + all.size());
            all.write(chunk.data());
        }
        return all.toByteArray();
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }
}
