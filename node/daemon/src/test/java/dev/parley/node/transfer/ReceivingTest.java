package dev.parley.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.bench.ThrowawayKeys;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.net.HostPort;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.testing.Strangers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.FileStatus;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes from peers, honest ones and others. Files of a peer that is verified are taken unasked. */
@QuarkusTest
@TestProfile(ReceivingTest.Profile.class)
class ReceivingTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int CHUNK = Limits.FILE_CHUNK_DATA;

    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.data-dir", "target/receiving",
                    "parley.listen.port", "0",
                    "parley.identity.bits", "2048",
                    "parley.trust.mode", "first-use",
                    "parley.handshake.unwraps.burst", "1000",
                    "parley.files.accept", "verified",
                    "parley.files.max-size", "1G",
                    "parley.files.spool-bytes", "200M");
        }
    }

    @Inject
    PeerNetwork network;

    @Inject
    KnownPeers peers;

    @Inject
    Transfers transfers;

    @Inject
    ParleyConfig config;

    private final UUID id = TransferIds.next(System.currentTimeMillis(), new SecureRandom());
    private ChannelSettings settings;
    private FilePeer peer;

    @BeforeEach
    void connect() throws IOException {
        settings = Strangers.settings(ThrowawayKeys.make(1).getFirst());
        peers.introduce(peerId(), Optional.empty(), List.of());
        peer = again();
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        peers.forget(peerId());
        await().atMost(SOON).until(() -> transfers.open() == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK, 5 * CHUNK + 13})
    void aFileOfAVerifiedPeerIsTaken(int size) throws Exception {
        peers.verify(peerId());
        byte[] content = content(size);
        peer.send(FilePeer.offer(id, content));
        Record.FileAccept accept = peer.await(Record.FileAccept.class);
        assertThat(accept.offset()).isZero();
        peer.pour(id, content, 0, CHUNK, accept.window());
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
        Transfer transfer = transfers.get(id).orElseThrow();
        assertThat(transfer.state()).isEqualTo(TransferState.COMPLETE);
        assertThat(transfer.transferred()).isEqualTo(size);
        assertThat(transfer.name()).isEqualTo("b.bin");
        assertThat(fetched()).isEqualTo(content);
    }

    @Test
    void chunksMayHaveAnySize() throws Exception {
        peers.verify(peerId());
        byte[] content = content(3 * CHUNK + 5);
        peer.send(FilePeer.offer(id, content));
        Record.FileAccept accept = peer.await(Record.FileAccept.class);
        peer.pour(id, content, 0, 777, accept.window());
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
        assertThat(fetched()).isEqualTo(content);
    }

    @Test
    void progressIsToldAtLeastEachQuarterOfTheWindow() throws Exception {
        peers.verify(peerId());
        byte[] content = content(8 << 20);
        peer.send(FilePeer.offer(id, content));
        long window = peer.await(Record.FileAccept.class).window();
        long sent = 0;
        for (long told = 0; told < content.length - window; ) {
            int length = (int) Math.min(CHUNK, content.length - sent);
            if (sent - told < window / 4) {
                peer.send(new Record.FileChunk(id, sent, slice(content, sent, length)));
                sent += length;
            } else {
                told = peer.await(Record.FileProgress.class).received();
                assertThat(told).isLessThanOrEqualTo(sent);
            }
        }
    }

    @Test
    void theOperatorIsAskedAboutAFileOfATrustedPeer() throws Exception {
        byte[] content = content(CHUNK + 1);
        peer.send(FilePeer.offer(id, content));
        awaitState(TransferState.OFFERED);
        transfers.accept(id);
        long window = peer.await(Record.FileAccept.class).window();
        peer.pour(id, content, 0, CHUNK, window);
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
        assertThat(fetched()).isEqualTo(content);
    }

    @Test
    void theOperatorDeclinesAndTheAnswerStays() throws Exception {
        Record.FileOffer offer = FilePeer.offer(id, content(10));
        peer.send(offer);
        awaitState(TransferState.OFFERED);
        assertThat(transfers.decline(id).state()).isEqualTo(TransferState.DECLINED);
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.REFUSED);
        peer.send(offer);
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.REFUSED);
    }

    @Test
    void theOperatorMayDecideWhileThePeerIsAway() throws Exception {
        byte[] content = content(CHUNK);
        peer.send(FilePeer.offer(id, content));
        awaitState(TransferState.OFFERED);
        peer.close();
        transfers.accept(id);
        awaitState(TransferState.WAITING);
        peer = again();
        peer.send(FilePeer.offer(id, content));
        peer.pour(id, content, 0, CHUNK, peer.await(Record.FileAccept.class).window());
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
    }

    @Test
    void anOfferThatIsWithdrawnIsForgotten() throws Exception {
        peer.send(FilePeer.offer(id, content(10)));
        awaitState(TransferState.OFFERED);
        peer.send(new Record.FileEnd(id, FileStatus.CANCELLED));
        await().atMost(SOON).until(() -> transfers.get(id).isEmpty());
    }

    @Test
    void goesOnAfterACutWhereItStood() throws Exception {
        peers.verify(peerId());
        byte[] content = content(40 * CHUNK);
        peer.send(FilePeer.offer(id, content));
        peer.await(Record.FileAccept.class);
        for (int i = 0; i < 10; i++) {
            peer.send(new Record.FileChunk(id, (long) i * CHUNK, slice(content, (long) i * CHUNK, CHUNK)));
        }
        await().atMost(SOON).until(() -> transfers.get(id).orElseThrow().transferred() == 10L * CHUNK);
        peer.close();
        awaitState(TransferState.WAITING);
        peer = again();
        peer.send(FilePeer.offer(id, content));
        Record.FileAccept accept = peer.await(Record.FileAccept.class);
        assertThat(accept.offset()).isEqualTo(10L * CHUNK);
        peer.pour(id, content, 10 * CHUNK, CHUNK, accept.window());
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
        assertThat(fetched()).isEqualTo(content);
    }

    @Test
    void aSecondSessionTakesATransferOverFromOneThatIsNotYetOver() throws Exception {
        peers.verify(peerId());
        byte[] content = content(4 * CHUNK);
        peer.send(FilePeer.offer(id, content));
        peer.await(Record.FileAccept.class);
        peer.send(new Record.FileChunk(id, 0, slice(content, 0, CHUNK)));
        await().atMost(SOON).until(() -> transfers.get(id).orElseThrow().transferred() == CHUNK);
        FilePeer old = peer;
        peer = again();
        peer.send(FilePeer.offer(id, content));
        Record.FileAccept accept = peer.await(Record.FileAccept.class);
        assertThat(accept.offset()).isEqualTo(CHUNK);
        peer.pour(id, content, CHUNK, CHUNK, accept.window());
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
        old.close();
    }

    @Test
    void aSenderThatLostTheAnswerGetsItAgain() throws Exception {
        peers.verify(peerId());
        byte[] content = content(100);
        peer.send(FilePeer.offer(id, content));
        peer.pour(id, content, 0, CHUNK, peer.await(Record.FileAccept.class).window());
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
        peer.send(FilePeer.offer(id, content));
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
    }

    @Test
    void whoOffersAgainWhileTheLastChunkIsBeingWrittenIsToldThatItIsComplete() throws Exception {
        peers.verify(peerId());
        byte[] content = content(CHUNK);
        peer.send(FilePeer.offer(id, content));
        peer.await(Record.FileAccept.class);
        peer.send(new Record.FileChunk(id, 0, content));
        peer.send(FilePeer.offer(id, content));
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
        awaitState(TransferState.COMPLETE);
    }

    @Test
    void aKnownIdWithAnotherContentIsRefused() throws Exception {
        peers.verify(peerId());
        peer.send(FilePeer.offer(id, content(100)));
        peer.pour(
                id, content(100), 0, CHUNK, peer.await(Record.FileAccept.class).window());
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.COMPLETE);
        peer.send(FilePeer.offer(id, content(101)));
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.FAILED);
        awaitViolation("the id of another file");
    }

    @Test
    void anotherPeersIdIsRefusedAndLeavesTheFirstAlone() throws Exception {
        byte[] content = content(100);
        peer.send(FilePeer.offer(id, content));
        awaitState(TransferState.OFFERED);
        ChannelSettings other = Strangers.settings(ThrowawayKeys.make(1).getFirst());
        try (FilePeer thief = new FilePeer(port(), other)) {
            thief.send(FilePeer.offer(id, content));
            assertThat(thief.awaitEnd(id)).isEqualTo(FileStatus.FAILED);
        }
        awaitState(TransferState.OFFERED);
        peers.forget(other.identity().peerId());
    }

    @Test
    void aContentWithAnotherHashIsRefusedAndRemoved() throws Exception {
        peers.verify(peerId());
        byte[] content = content(2 * CHUNK);
        peer.send(FilePeer.offer(id, content));
        long window = peer.await(Record.FileAccept.class).window();
        content[CHUNK + 5] ^= 1;
        peer.pour(id, content, 0, CHUNK, window);
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.HASH_MISMATCH);
        awaitState(TransferState.FAILED);
        awaitNoContent();
        awaitViolation("another hash");
    }

    enum Wrong {
        HOLE(CHUNK, 10, "not where the last one ended"),
        BACKWARDS(-1, 10, "not where the last one ended"),
        EMPTY(0, 0, "empty"),
        BEYOND_THE_END(0, 3 * CHUNK + 1, "beyond the file's end");

        final long offset;
        final int length;
        final String said;

        Wrong(long offset, int length, String said) {
            this.offset = offset;
            this.length = length;
            this.said = said;
        }
    }

    @ParameterizedTest
    @EnumSource(Wrong.class)
    void aChunkThatBreaksTheRulesEndsTheTransferAndNotTheSession(Wrong wrong) throws Exception {
        peers.verify(peerId());
        byte[] content = content(wrong == Wrong.BEYOND_THE_END ? 10 : 3 * CHUNK);
        peer.send(FilePeer.offer(id, content));
        peer.await(Record.FileAccept.class);
        peer.send(new Record.FileChunk(id, wrong.offset, new byte[Math.min(wrong.length, CHUNK)]));
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.FAILED);
        awaitState(TransferState.FAILED);
        awaitNoContent();
        awaitViolation(wrong.said);
        // What is still on its way is ignored, and the session goes on.
        peer.send(new Record.FileChunk(id, 0, new byte[10]));
        UUID next = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ 1);
        peer.send(FilePeer.offer(next, new byte[0]));
        assertThat(peer.awaitEnd(next)).isEqualTo(FileStatus.COMPLETE);
    }

    @Test
    void theFifthAtOnceFindsNoRoom() throws Exception {
        for (int i = 0; i < SessionFiles.AT_ONCE; i++) {
            peer.send(FilePeer.offer(new UUID(id.getMostSignificantBits(), i + 1), content(10)));
        }
        peer.send(FilePeer.offer(id, content(10)));
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.NO_ROOM);
        for (int i = 0; i < SessionFiles.AT_ONCE; i++) {
            UUID pending = new UUID(id.getMostSignificantBits(), i + 1);
            await().atMost(SOON).until(() -> transfers.get(pending).isPresent());
            transfers.cancelOrRemove(pending);
        }
    }

    @Test
    void offersThatAwaitTheOperatorAreLimited() throws Exception {
        int taken = 0;
        FileStatus last = null;
        while (last == null) {
            for (int i = 0; i < SessionFiles.AT_ONCE && last == null; i++) {
                UUID next = new UUID(id.getMostSignificantBits(), 1_000 + taken);
                peer.send(FilePeer.offer(next, content(10)));
                if (taken == Offers.PENDING_OF_PEER) {
                    last = peer.awaitEnd(next);
                } else {
                    await().atMost(SOON).until(() -> transfers.get(next).isPresent());
                    taken++;
                }
            }
            peer.close();
            peer = again();
        }
        assertThat(last).isEqualTo(FileStatus.NO_ROOM);
        assertThat(taken).isEqualTo(Offers.PENDING_OF_PEER);
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 30) + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void whatIsLongerThanAFileMayBeIsRefused(long size) throws Exception {
        peer.send(new Record.FileOffer(id, size, new byte[32], "large", "a/b"));
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.REFUSED);
        assertThat(transfers.get(id)).isEmpty();
    }

    @Test
    void whatTheSpoolHasNoRoomForIsRefused() throws Exception {
        peer.send(new Record.FileOffer(id, 201L << 20, new byte[32], "large", "a/b"));
        assertThat(peer.awaitEnd(id)).isEqualTo(FileStatus.NO_ROOM);
        assertThat(transfers.get(id)).isEmpty();
    }

    @Test
    void eitherSideCancels() throws Exception {
        peers.verify(peerId());
        byte[] content = content(4 * CHUNK);
        peer.send(FilePeer.offer(id, content));
        peer.await(Record.FileAccept.class);
        peer.send(new Record.FileChunk(id, 0, slice(content, 0, CHUNK)));
        peer.send(new Record.FileEnd(id, FileStatus.CANCELLED));
        awaitState(TransferState.CANCELLED);
        awaitNoContent();

        UUID second = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ 1);
        peer.send(FilePeer.offer(second, content));
        peer.await(Record.FileAccept.class);
        assertThat(transfers.cancelOrRemove(second).orElseThrow().state()).isEqualTo(TransferState.CANCELLED);
        assertThat(peer.awaitEnd(second)).isEqualTo(FileStatus.CANCELLED);
        assertThat(transfers.cancelOrRemove(second)).isEmpty();
        assertThat(transfers.get(second)).isEmpty();
    }

    @Test
    void aPeerThatIsBlockedLosesWhatWasOnItsWay() throws Exception {
        peers.verify(peerId());
        byte[] content = content(4 * CHUNK);
        peer.send(FilePeer.offer(id, content));
        peer.await(Record.FileAccept.class);
        peer.send(new Record.FileChunk(id, 0, slice(content, 0, CHUNK)));
        peers.block(peerId());
        awaitState(TransferState.CANCELLED);
        awaitNoContent();
    }

    private FilePeer again() throws IOException {
        return new FilePeer(port(), settings);
    }

    private int port() {
        return HostPort.parse(network.listenAddress()).port();
    }

    private PeerId peerId() {
        return settings.identity().peerId();
    }

    private void awaitState(TransferState state) {
        await().atMost(SOON).until(() -> transfers.get(id).map(Transfer::state).orElse(null), state::equals);
    }

    private void awaitNoContent() {
        var file = config.dataDir().resolve("spool").resolve(new TransferKey(peerId(), id, false).fileName());
        await().atMost(SOON).until(() -> Files.notExists(file));
    }

    private void awaitViolation(String detail) {
        await().atMost(SOON)
                .until(() -> Files.readString(config.dataDir().resolve("net.log"))
                        .lines()
                        .anyMatch(line -> line.contains("\"event\":\"FILE_VIOLATION\"")
                                && line.contains(id.toString())
                                && line.contains(detail)));
    }

    private byte[] fetched() throws IOException {
        var out = new ByteArrayOutputStream();
        transfers.content(id).writeTo(out);
        return out.toByteArray();
    }

    private static byte[] slice(byte[] content, long from, int length) {
        return java.util.Arrays.copyOfRange(content, (int) from, (int) from + length);
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }
}
