package dev.parley.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.evidence.Finding.Kind;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForgeryTest {
    @TempDir
    Path directory;

    private DemoLog honest;

    @BeforeEach
    void anHonestLogHolds() throws IOException {
        honest = DemoLog.write(directory, new SecureRandom());
        var report = verify(honest.heads());
        assertThat(report.broken()).isEmpty();
        assertThat(report.heads()).isEqualTo(honest.heads().size());
        assertThat(report.torn()).isEqualTo(1);
        assertThat(report.starts()).isEqualTo(2);
        assertThat(report.unsealed()).isZero();
        assertThat(report.firstSeq()).isEqualTo(1);
        assertThat(report.lines()).isEqualTo(report.lastSeq());
        assertThat(report.notes()).extracting(Finding::kind).containsExactly(Kind.IDENTITY_CHANGED, Kind.TORN_LINE);
        assertThat(LogVerifier.of(honest.previousPeer(), honest.heads(), true)
                        .verify(files())
                        .broken())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void eachForgeryIsCaughtAsWhatItIs(Forgery forgery) throws IOException {
        assertThat(forgery.apply(honest.files(), honest.loot())).isTrue();
        var report = verify(honest.heads());
        assertThat(report.holds()).isFalse();
        assertThat(forgery.caughtAs()).contains(report.broken().getFirst().kind());
        assertThat(report.broken().getFirst().file()).contains("net.log");
        assertThat(verify(List.of()).holds()).as("without a head from outside").isEqualTo(forgery.needsHead());
    }

    @ParameterizedTest
    @EnumSource
    void withAThiefsOwnKeysAsWell(Forgery forgery) throws IOException {
        if (!forgery.needsIdentity()) {
            assertThat(forgery.apply(honest.files(), Forgery.Loot.none())).isTrue();
            assertThat(forgery.caughtAs())
                    .contains(verify(honest.heads()).broken().getFirst().kind());
        }
    }

    @Test
    void theIdentityDecides() throws IOException {
        var other = IdentityKey.generate(2048, new SecureRandom()).peerId();
        var report = new LogVerifier(other, List.of(), false).verify(files());
        assertThat(report.broken().getFirst().kind()).isEqualTo(Kind.SPLICED);
        var anybody = new LogVerifier(null, List.of(), false).verify(files());
        assertThat(anybody.holds()).isTrue();
        assertThat(anybody.peer()).isEqualTo(honest.peer());
        assertThat(anybody.notes()).extracting(Finding::kind).contains(Kind.IDENTITY_UNKNOWN);
    }

    @Test
    void theRestHoldsAloneWhereOldFilesWereRotatedAway() throws IOException {
        var report = LogVerifier.of(honest.peer(), honest.heads(), true).verify(files().subList(1, 3));
        assertThat(report.broken()).isEmpty();
        assertThat(report.firstSeq()).isGreaterThan(60);
        assertThat(report.notes()).extracting(Finding::kind).containsExactly(Kind.BEGINS_LATER, Kind.TORN_LINE);
    }

    @Test
    void aFileInTheMiddleIsMissed() throws IOException {
        var report = LogVerifier.of(honest.peer(), List.of(), false).verify(List.of(files().get(0), files().get(2)));
        assertThat(report.broken().getFirst().kind()).isEqualTo(Kind.DELETED);
    }

    @Test
    void theEndInsideOfALineIsTornAndNoForgery() throws IOException {
        var last = honest.files().getLast();
        byte[] bytes = Files.readAllBytes(last);
        Files.write(last, java.util.Arrays.copyOf(bytes, bytes.length - 20));
        var report = verify(List.of());
        assertThat(report.broken()).isEmpty();
        assertThat(report.notes()).extracting(Finding::kind).contains(Kind.TORN_END, Kind.NO_STOP);
        assertThat(LogVerifier.of(honest.peer(), List.of(), true)
                        .verify(files())
                        .broken())
                .extracting(Finding::kind)
                .containsExactly(Kind.CUT);
    }

    @Test
    void aTornLineThatNobodyOwnedUpToIsAnEdit() throws IOException {
        Files.writeString(honest.files().get(1), "{\"time\":\n", StandardOpenOption.APPEND);
        assertThat(verify(List.of()).broken().getFirst().kind()).isEqualTo(Kind.EDITED);
    }

    @Test
    void headsOfOthersAndForgedHeadsSayNothing() throws IOException {
        var random = new SecureRandom();
        var stranger = SignedHead.sign(
                IdentityKey.generate(2048, random), 9_999, LineHead.noLine(), LineHead.time(java.time.Instant.EPOCH));
        var forged = new SignedHead(
                PeerId.parse(honest.peer()),
                9_999,
                stranger.hash(),
                stranger.time(),
                honest.heads().getFirst().signature());
        var report = verify(List.of(stranger, forged));
        assertThat(report.holds()).isTrue();
        assertThat(report.heads()).isZero();
        assertThat(report.notes())
                .filteredOn(note -> note.kind() == Kind.HEAD_IGNORED)
                .hasSize(2);
    }

    @Test
    void aHeadIsReadAsItIsWritten() {
        var head = honest.heads().getFirst();
        assertThat(SignedHead.parse(head.encode()).encode()).isEqualTo(head.encode());
        assertThat(head.encode().length()).isLessThanOrEqualTo(SignedHead.MAX_LENGTH);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> SignedHead.parse(head.encode().replace("\"seq\":", "\"seq\":0")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** With a head of the last line nothing is beyond the seals, so that no edit at all may pass. */
    @Test
    void everyRandomEditIsCaught() throws IOException {
        var random = new Random(7);
        for (int run = 0; run < 250; run++) {
            var file = honest.files().get(random.nextInt(3));
            byte[] good = Files.readAllBytes(file);
            byte[] bad = edit(good, random);
            if (java.util.Arrays.equals(good, bad)) {
                continue;
            }
            Files.write(file, bad);
            assertThat(verify(honest.heads()).holds())
                    .as("run %s, %s", run, file)
                    .isFalse();
            Files.write(file, good);
        }
        assertThat(verify(honest.heads()).holds()).isTrue();
    }

    private static byte[] edit(byte[] good, Random random) {
        int at = random.nextInt(good.length);
        byte[] bad = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bad[at] = (byte) random.nextInt(256);
            case 2 -> {
                // Bytes go.
                int count = 1 + random.nextInt(Math.min(400, good.length - at));
                bad = new byte[good.length - count];
                System.arraycopy(good, 0, bad, 0, at);
                System.arraycopy(good, at + count, bad, at, good.length - at - count);
            }
            default -> {
                // Bytes are repeated elsewhere.
                int count = 1 + random.nextInt(Math.min(400, good.length - at));
                int to = random.nextInt(good.length - count + 1);
                System.arraycopy(good, at, bad, to, count);
            }
        }
        return bad;
    }

    private Report verify(List<SignedHead> heads) throws IOException {
        var shuffled = new ArrayList<>(files());
        Collections.shuffle(shuffled);
        return LogVerifier.of(honest.peer(), heads, false).verify(shuffled);
    }

    private List<LogFile> files() {
        return honest.files().stream().map(LogFile::of).toList();
    }
}
