package dev.parley.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.evidence.Checkpoint.Reason;
import dev.parley.evidence.Finding.Kind;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A node changes its identity key, and its log goes on: verified with either key, and with nobody's claim to be it. */
class SuccessionTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final IdentityKey FIRST = IdentityKey.generate(2048, RANDOM);
    private static final IdentityKey SECOND = IdentityKey.generate(2048, RANDOM);
    private static final IdentityKey THIRD = IdentityKey.generate(3072, RANDOM);
    private static final IdentityKey THIEF = IdentityKey.generate(2048, RANDOM);
    private static final Instant TIME = Instant.parse("2026-01-02T12:00:00Z");

    private Sealer sealer;
    private SealedLog log;
    private final List<byte[]> files = new ArrayList<>();
    private byte[] honest = new byte[0];

    @BeforeEach
    void begin() {
        sealer = Sealer.begin(FIRST, RANDOM);
        log = new SealedLog(sealer);
        lines().checkpoint(Reason.FIRST, TIME);
        lines().checkpoint(Reason.TIME, TIME);
    }

    static Stream<IdentityKey> everyIdentity() {
        return Stream.of(FIRST, SECOND, THIRD);
    }

    @ParameterizedTest
    @MethodSource("everyIdentity")
    void aLogWithTwoChangesHoldsForWhoKnowsAnyOfTheIdentities(IdentityKey known) throws Exception {
        twoChanges();
        var report = verify(known);
        assertThat(report.broken()).isEmpty();
        assertThat(report.peer()).isEqualTo(known.peerId().toString());
        assertThat(report.identities()).isEqualTo(names(FIRST, SECOND, THIRD));
        assertThat(report.notes())
                .extracting(Finding::kind)
                .containsExactly(Kind.IDENTITY_CHANGED, Kind.IDENTITY_CHANGED);
        assertThat(report.notes().getFirst().text())
                .contains(FIRST.peerId().toString(), SECOND.peerId().toString());
        assertThat(report.unsealed()).isZero();
    }

    @Test
    void aPublicKeyInPemWillDoAndSoWillNoIdentityAtAll() throws Exception {
        twoChanges();
        var pem = "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(SECOND.spki())
                + "\n-----END PUBLIC KEY-----\n";
        assertThat(LogVerifier.of(pem, List.of(), true).verify(logFiles()).holds())
                .isTrue();
        var anybody = new LogVerifier(null, List.of(), true).verify(logFiles());
        assertThat(anybody.holds()).isTrue();
        assertThat(anybody.peer()).as("who it is now").isEqualTo(THIRD.peerId().toString());
    }

    @Test
    void anIdentityMayComeBack() throws Exception {
        succeed(SECOND);
        succeed(FIRST);
        stop();
        assertThat(verify(FIRST).broken()).isEmpty();
        assertThat(verify(SECOND).identities()).isEqualTo(names(FIRST, SECOND, FIRST));
    }

    @Test
    void itIsOfNobodyElse() throws Exception {
        twoChanges();
        var report = verify(THIEF);
        assertThat(report.broken()).extracting(Finding::kind).containsExactly(Kind.SPLICED);
        assertThat(report.broken().getFirst().text())
                .contains(FIRST.peerId().toString(), THIEF.peerId().toString());
        assertThat(report.lines()).isZero();
    }

    /** Whoever knows the old identity alone cannot know that the rest is of the same node, and is told where that is shown. */
    @Test
    void withoutTheFileOfTheChangeTheRestIsTheNewOnesAlone() throws Exception {
        succeed(SECOND);
        lines();
        file();
        log.checkpoint(Reason.ROTATED, TIME);
        stop();
        file();
        assertThat(verify(FIRST).broken()).isEmpty();
        files.removeFirst();
        assertThat(verify(SECOND).broken()).isEmpty();
        var report = verify(FIRST);
        assertThat(report.broken()).extracting(Finding::kind).containsExactly(Kind.SPLICED);
        assertThat(report.broken().getFirst().text()).contains("in an older file");
    }

    @Test
    void headsOfEachIdentityCount() throws Exception {
        var early = log.head(TIME);
        succeed(SECOND);
        var hash = log.hash();
        long seq = log.seq();
        stop();
        var late = SignedHead.sign(SECOND, seq, hash, LineHead.time(TIME));
        var ofOthers = SignedHead.sign(THIEF, seq, LineHead.noLine(), LineHead.time(TIME));
        for (IdentityKey known : List.of(FIRST, SECOND)) {
            var report = new LogVerifier(known.peerId(), List.of(early, late, ofOthers), true).verify(logFiles());
            assertThat(report.broken()).isEmpty();
            assertThat(report.heads()).isEqualTo(2);
        }
        var other = SignedHead.sign(FIRST, early.seq(), LineHead.noLine(), LineHead.time(TIME));
        assertThat(new LogVerifier(SECOND.peerId(), List.of(other), true)
                        .verify(logFiles())
                        .broken())
                .extracting(Finding::kind)
                .containsExactly(Kind.REPLACED);
    }

    @Test
    void whoHasTheNewKeyOnlyCannotAnchorWhatWasBefore() throws Exception {
        byte[] head = log.hash();
        long seq = log.seq();
        byte[] honest = log.file();
        for (Reason reason : List.of(Reason.FIRST, Reason.RENEWED, Reason.ROTATED)) {
            var own = Sealer.begin(SECOND, RANDOM);
            if (reason.chained()) {
                new SealedLog(own).checkpoint(Reason.FIRST, TIME);
            }
            var forged = new SealedLog(own, seq, head)
                    .checkpoint(reason, TIME)
                    .line(TIME, "NODE_STARTED", "")
                    .checkpoint(Reason.STOP, TIME);
            files.clear();
            files.add(join(honest, forged.file()));
            for (IdentityKey known : List.of(FIRST, SECOND)) {
                assertThat(verify(known).broken().getFirst().kind())
                        .as("%s", reason)
                        .isEqualTo(Kind.SPLICED);
            }
        }
    }

    @Test
    void aSuccessionThatAnotherHasSignedForTheOldIdentityIsRefused() throws Exception {
        // With the very key that is to sign the next checkpoint, which is what is on the disk of the node.
        assertForged(succession(sealer.keys().present(), FIRST.spki(), SECOND, SECOND));
        assertForged(succession(sealer.keys().present(), FIRST.spki(), THIEF, SECOND));
    }

    @Test
    void aSuccessionThatTheNewIdentityHasNotSignedIsRefused() throws Exception {
        // The old one names a successor that does not want it.
        var real = succession(sealer.keys().present(), FIRST.spki(), FIRST, THIEF);
        assertForged(with(real, SECOND.spki(), real.identitySignature(), real.previous(), real.previousSignature()));
    }

    @Test
    void aSuccessionThatAnotherKeyThanTheOneAnnouncedHasSealedIsRefused() throws Exception {
        append(succession(SealKey.generate(RANDOM), FIRST.spki(), FIRST, SECOND));
        for (IdentityKey known : List.of(FIRST, SECOND)) {
            assertThat(verify(known).broken().getFirst().kind()).isEqualTo(Kind.RESEALED);
        }
    }

    @Test
    void signaturesThatChangePlacesAreRefused() throws Exception {
        var real = succession(sealer.keys().present(), FIRST.spki(), FIRST, SECOND);
        assertForged(with(real, real.identity(), real.previousSignature(), real.previous(), real.identitySignature()));
    }

    @Test
    void aSuccessionOfTheLogOfAnotherIsRefused() throws Exception {
        append(succession(sealer.keys().present(), THIEF.spki(), THIEF, SECOND));
        for (IdentityKey known : List.of(FIRST, SECOND)) {
            assertThat(verify(known).broken().getFirst().kind()).isEqualTo(Kind.SPLICED);
        }
    }

    @Test
    void nobodySucceedsHimself() throws Exception {
        assertThatThrownBy(() -> sealer.succeed(FIRST)).isInstanceOf(IllegalArgumentException.class);
        assertForged(succession(sealer.keys().present(), FIRST.spki(), FIRST, FIRST));
    }

    /** The old key was stolen before it was destroyed: it says nothing about the lines after it, not even who comes next. */
    @Test
    void theOldIdentityIsOverOnceItHasHandedOver() throws Exception {
        succeed(SECOND);
        var keys = sealer.keys();
        for (IdentityKey next : List.of(THIEF, THIRD)) {
            append(succession(keys.present(), FIRST.spki(), FIRST, next));
            for (IdentityKey known : List.of(FIRST, SECOND)) {
                assertThat(verify(known).broken().getFirst().kind()).isEqualTo(Kind.SPLICED);
            }
        }
        var stolen = Sealer.begin(FIRST, RANDOM);
        append(stolen.checkpoint(Reason.FIRST, LineHead.time(TIME), log.seq() + 1, log.hash()));
        assertThat(verify(FIRST).broken().getFirst().kind()).isEqualTo(Kind.SPLICED);
    }

    /** With the old key and the seals stolen before the change, the thief's own successor is none of who knows the real one. */
    @Test
    void aBranchToAnotherSuccessorIsNotTheRealOnes() throws Exception {
        var stolen = sealer.copy();
        byte[] hash = log.hash();
        long seq = log.seq();
        byte[] before = log.file();
        succeed(SECOND);
        stolen.succeed(THIEF);
        var branch = new SealedLog(stolen, seq, hash).checkpoint(Reason.SUCCESSION, TIME);
        branch.line(TIME, "NODE_STARTED", "").checkpoint(Reason.STOP, TIME);
        files.clear();
        files.add(join(before, branch.file()));
        assertThat(verify(SECOND).broken()).extracting(Finding::kind).containsExactly(Kind.SPLICED);
    }

    @Test
    void whatIsSealedAgainWithTodaysKeyAfterAChangeIsRefused() throws Exception {
        byte[] hash = log.hash();
        long seq = log.seq();
        byte[] before = log.file();
        succeed(SECOND);
        var today = sealer.copy();
        var again = new SealedLog(today, seq, hash)
                .line(TIME, "NODE_STOPPING", "")
                .checkpoint(Reason.TIME, TIME)
                .checkpoint(Reason.STOP, TIME);
        files.clear();
        files.add(join(before, again.file()));
        assertThat(verify(FIRST).broken().getFirst().kind()).isEqualTo(Kind.RESEALED);
        // And with the new identity too, but not the old one: the change that took place cannot be told anew.
        files.clear();
        append(before, seq, succession(seq, hash, sealer.copy().keys().present(), FIRST.spki(), SECOND, SECOND));
        assertThat(verify(SECOND).broken().getFirst().kind()).isEqualTo(Kind.RECHAINED);
    }

    @Test
    void aSuccessionIsNoBeginning() throws Exception {
        files.add(join(
                succession(0, LineHead.noLine(), sealer.keys().present(), FIRST.spki(), FIRST, SECOND)
                        .line(),
                new byte[] {'\n'}));
        assertThat(verify(SECOND).broken().getFirst().kind()).isEqualTo(Kind.RECHAINED);
        files.clear();
        succeed(SECOND);
        var whole = new String(log.file(), StandardCharsets.ISO_8859_1);
        int from = whole.lastIndexOf('\n', whole.indexOf("\"SUCCESSION\"")) + 1;
        files.add(whole.substring(from).getBytes(StandardCharsets.ISO_8859_1));
        assertThat(verify(SECOND).broken().getFirst().kind()).isEqualTo(Kind.DELETED);
    }

    @Test
    void everyRandomEditOfTheLineOfAChangeIsCaught() throws Exception {
        twoChanges();
        byte[] good = files.getFirst();
        var text = new String(good, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\"SUCCESSION\"");
        int from = text.lastIndexOf('\n', at) + 1;
        int to = text.indexOf('\n', at);
        var random = new Random(11);
        for (int run = 0; run < 400; run++) {
            byte[] bad = good.clone();
            int place = from + random.nextInt(to - from);
            bad[place] ^= (byte) (1 << random.nextInt(7));
            files.clear();
            files.add(bad);
            assertThat(verify(random.nextBoolean() ? FIRST : THIRD).holds())
                    .as("run %s, byte %s", run, place - from)
                    .isFalse();
        }
    }

    @Test
    void itsLineIsReadAsItIsWrittenAndFitsTheLongestKeys() {
        var long1 = IdentityKey.generate(4096, RANDOM);
        var long2 = IdentityKey.generate(4096, RANDOM);
        byte[] line =
                succession(sealer.keys().present(), long1.spki(), long1, long2).line();
        assertThat(line.length).isLessThanOrEqualTo(Checkpoint.MAX_LENGTH);
        assertThat(Checkpoint.parse(line, line.length).line()).isEqualTo(line);
    }

    private void twoChanges() {
        succeed(SECOND);
        lines().checkpoint(Reason.TIME, TIME);
        succeed(THIRD);
        stop();
    }

    private void succeed(IdentityKey next) {
        sealer.succeed(next);
        log.checkpoint(Reason.SUCCESSION, TIME);
        lines();
    }

    private void stop() {
        log.line(TIME, "NODE_STOPPED", "").checkpoint(Reason.STOP, TIME);
        file();
    }

    private SealedLog lines() {
        return log.line(TIME, "MESSAGE_RECEIVED", "\"size\":1").line(TIME, "MESSAGE_RECEIVED", "\"size\":2");
    }

    private void file() {
        byte[] file = log.file();
        if (file.length > 0) {
            files.add(file);
        }
    }

    /** The line that would follow the log's last one. @param signer whose key signs for the old identity */
    private Checkpoint succession(SealKey key, byte[] previous, IdentityKey signer, IdentityKey next) {
        return succession(log.seq(), log.hash(), key, previous, signer, next);
    }

    private static Checkpoint succession(
            long seq, byte[] head, SealKey key, byte[] previous, IdentityKey signer, IdentityKey next) {
        return Checkpoint.signSuccession(LineHead.time(TIME), seq + 1, head, new byte[32], key, previous, signer, next);
    }

    private static Checkpoint with(
            Checkpoint real, byte[] identity, byte[] identitySignature, byte[] previous, byte[] previousSignature) {
        return new Checkpoint(
                real.time(),
                real.seq(),
                real.head(),
                real.reason(),
                real.next(),
                real.signature(),
                identity,
                identitySignature,
                previous,
                previousSignature);
    }

    private void assertForged(Checkpoint line) throws Exception {
        append(line);
        for (IdentityKey known : new IdentityKey[] {FIRST, SECOND, null}) {
            assertThat(verify(known).broken().getFirst().kind()).isEqualTo(Kind.RECHAINED);
        }
    }

    /** Puts the line behind the log as it is, in a copy. */
    private void append(Checkpoint line) {
        honest = join(honest, log.file());
        files.clear();
        files.add(join(honest, line.line(), new byte[] {'\n'}));
    }

    private void append(byte[] before, long seq, Checkpoint line) {
        assertThat(line.seq()).isEqualTo(seq + 1);
        files.add(join(before, line.line(), new byte[] {'\n'}));
    }

    private Report verify(IdentityKey known) throws Exception {
        return new LogVerifier(known == null ? null : known.peerId(), List.of(), false).verify(logFiles());
    }

    private List<LogFile> logFiles() {
        var all = new ArrayList<LogFile>();
        for (byte[] file : files) {
            String name = "net.log." + all.size();
            all.add(new LogFile() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public InputStream open() {
                    return new ByteArrayInputStream(file);
                }
            });
        }
        return all;
    }

    private static List<String> names(IdentityKey... keys) {
        return Arrays.stream(keys).map(each -> each.peerId().toString()).toList();
    }

    private static byte[] join(byte[]... parts) {
        var out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
