package dev.parley.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record.ReceiptText;
import dev.parley.protocol.wire.Record.Scope;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Proofs of messages, honest ones and all that somebody may make of them. */
class MessageProofTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final UUID ID = UUID.fromString("01941f29-7c00-7aaa-8bbb-0123456789ab");
    private static final UUID SESSION = UUID.fromString("00112233-4455-4667-8899-aabbccddeeff");
    private static final byte[] CONTENT = "meet me at \"nine\", \u00e9\n".getBytes(StandardCharsets.UTF_8);
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static IdentityKey alice;
    private static IdentityKey bob;
    private static IdentityKey eve;

    private final SealedLog log = new SealedLog(Sealer.begin(alice, RANDOM));
    private SignedHead ofSent;
    private SignedHead ofAcknowledged;
    private SignedHead witnessed;
    private List<String> lines;

    @BeforeAll
    static void keys() {
        alice = IdentityKey.generate(2048, RANDOM);
        bob = IdentityKey.generate(2048, RANDOM);
        eve = IdentityKey.generate(2048, RANDOM);
    }

    MessageProofTest() {
        log.checkpoint(Checkpoint.Reason.FIRST, NOW);
        log.line(NOW, "MESSAGE_SENT", sent(bob.peerId(), CONTENT.length));
        ofSent = log.head(NOW);
        log.line(NOW, "SESSION_RATCHETED", "\"epoch\":1,\"names\":[\"\u00e9\"]");
        log.line(NOW, "MESSAGE_ACKNOWLEDGED", about(bob.peerId()) + ",\"status\":0");
        ofAcknowledged = log.head(NOW);
        log.line(NOW, "ADMIN_COMMAND", "\"uid\":-1");
        witnessed = log.head(NOW);
        lines = List.of(new String(log.file(), StandardCharsets.UTF_8).split("\n"));
    }

    private static String about(PeerId peer) {
        return "\"message\":\"" + ID + "\",\"peer\":\"" + peer + "\",\"session\":\"" + SESSION + "\"";
    }

    private static String sent(PeerId peer, int size) {
        return about(peer) + ",\"scope\":\"DIRECT\",\"size\":" + size + ",\"ciphertext\":\"EAAAEQ==\"";
    }

    private static byte[] sha256(byte[] content) {
        return LineHead.sha256().digest(content);
    }

    private ReceiptText said(byte[] content) {
        return new ReceiptText(
                sha256(content),
                NOW.toEpochMilli(),
                Scope.DIRECT,
                NOW.toEpochMilli() + 5,
                SESSION,
                77,
                sha256(new byte[1]),
                witnessed.seq(),
                witnessed.hash(),
                NOW.toEpochMilli() + 50);
    }

    private SignedReceipt receipt(IdentityKey by) {
        return SignedReceipt.sign(by, alice.peerId(), ID, said(CONTENT));
    }

    private MessageProof proof(List<MessageProof.Segment> segments, SignedReceipt receipt, String none) {
        return new MessageProof(
                ID,
                sha256(CONTENT),
                CONTENT.length,
                NOW.toEpochMilli(),
                Scope.DIRECT,
                alice.peerId(),
                alice.spki(),
                bob.peerId(),
                receipt == null ? null : bob.spki(),
                LineHead.time(NOW),
                segments,
                receipt,
                none);
    }

    private List<MessageProof.Segment> linked() {
        return List.of(new MessageProof.Segment(lines.subList(1, 5), witnessed));
    }

    private List<MessageProof.Segment> apart() {
        return List.of(
                new MessageProof.Segment(lines.subList(1, 2), ofSent),
                new MessageProof.Segment(lines.subList(3, 4), ofAcknowledged));
    }

    private static ProofCheck.Judgement check(String text) {
        return ProofCheck.check(text, CONTENT);
    }

    @Test
    void aWholeProofShowsAllThereIsToShow() {
        var judgement = check(proof(linked(), receipt(bob), null).sign(alice));
        assertThat(judgement.wrong()).isEmpty();
        assertThat(judgement.receipt()).isTrue();
        assertThat(judgement.acknowledged()).isTrue();
        assertThat(judgement.sender()).isEqualTo(alice.peerId().toString());
        assertThat(judgement.receiver()).isEqualTo(bob.peerId().toString());
        assertThat(judgement.shows())
                .anyMatch(each -> each.contains("I sent message " + ID))
                .anyMatch(each -> each.contains("I received message " + ID))
                .anyMatch(each -> each.contains("vouches for the sender's log up to line 5"))
                .anyMatch(each -> each.contains("line 77"))
                .anyMatch(each -> each.contains("is that of the message"));
        assertThat(judgement.open()).hasSize(1);
    }

    @Test
    void linesThatAreNotLinkedAreSaidNotToBe() {
        var judgement = check(proof(apart(), receipt(bob), null).sign(alice));
        assertThat(judgement.holds()).isTrue();
        assertThat(judgement.open()).anyMatch(each -> each.contains("not linked to a head"));
    }

    @Test
    void withoutAReceiptItIsTheSendersWordAlone() {
        var judgement =
                check(proof(apart(), null, "there is no session with the peer").sign(alice));
        assertThat(judgement.holds()).isTrue();
        assertThat(judgement.acknowledged()).isTrue();
        assertThat(judgement.receipt()).isFalse();
        assertThat(judgement.open())
                .anyMatch(each -> each.contains("there is no session with the peer") && each.contains("word alone"));
    }

    @Test
    void aMessageThatWasNotAcknowledged() {
        var judgement = check(proof(apart().subList(0, 1), null, "x").sign(alice));
        assertThat(judgement.holds()).isTrue();
        assertThat(judgement.acknowledged()).isFalse();
        assertThat(judgement.open()).anyMatch(each -> each.contains("that the message was acknowledged"));
    }

    @Test
    void anotherContentIsNotThatOfTheMessage() {
        String text = proof(linked(), receipt(bob), null).sign(alice);
        assertThat(ProofCheck.check(text, new byte[CONTENT.length]).holds()).isFalse();
        assertThat(ProofCheck.check(text, null).open()).anyMatch(each -> each.contains("--content"));
    }

    /** Whatever is changed by who does not hold the sender's key. */
    @Test
    void everyCharacterCounts() {
        for (String text : List.of(
                proof(linked(), receipt(bob), null).sign(alice),
                proof(apart(), null, "no session").sign(alice))) {
            for (int i = 0; i < text.length(); i++) {
                char other = (char) (text.charAt(i) ^ 1);
                String changed = text.substring(0, i) + other + text.substring(i + 1);
                assertThat(check(changed).holds())
                        .as("%d: %s", i, text.substring(Math.max(0, i - 20), i + 1))
                        .isFalse();
            }
        }
    }

    @Test
    void fieldsTooManyTooFewOrTwice() {
        String text = proof(linked(), receipt(bob), null).sign(alice);
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                each -> each.replaceFirst("\\{", "{\"more\":1,"),
                each -> each.replaceFirst("\"size\":\\d+,", ""),
                each -> each.replaceFirst("\"made\":", "\"made\":\"x\",\"made\":"),
                each -> each.replaceFirst("parley-proof-1", "parley-proof-2"),
                each -> each + "{}",
                each -> each.substring(0, each.length() - 1),
                each -> each.replaceFirst("\"size\":\\d+", "\"size\":-1"),
                each -> each.replaceFirst("\"size\":\\d+", "\"size\":1e999"),
                each -> each.replaceFirst("\"size\":\\d+", "\"size\":99999999999999999999999"),
                each -> "[".repeat(100_000),
                each -> "",
                each -> "null")) {
            assertThat(check(change.apply(text)).holds())
                    .as(change.apply(text)
                            .substring(0, Math.min(40, change.apply(text).length())))
                    .isFalse();
        }
        assertThat(check(text + "\n").holds()).isTrue();
    }

    /** The sender can sign whatever it likes: what the receiver signed and the chain still bind it. */
    @Test
    void theSenderCannotLie() {
        byte[] other = "another content, of the same length"
                .substring(0, CONTENT.length)
                .getBytes(StandardCharsets.UTF_8);
        var lie = new MessageProof(
                ID,
                sha256(other),
                other.length,
                NOW.toEpochMilli(),
                Scope.DIRECT,
                alice.peerId(),
                alice.spki(),
                bob.peerId(),
                bob.spki(),
                LineHead.time(NOW),
                linked(),
                receipt(bob),
                null);
        assertThat(ProofCheck.check(lie.sign(alice), other).wrong())
                .anyMatch(each -> each.contains("has not signed this receipt"));
        // A receipt by somebody else, or no line of it, or lines that do not follow.
        assertThat(check(proof(linked(), SignedReceipt.sign(eve, alice.peerId(), ID, said(CONTENT)), null)
                                .sign(alice))
                        .holds())
                .isFalse();
        assertThat(check(proof(List.of(), receipt(bob), null).sign(alice)).wrong())
                .anyMatch(each -> each.contains("no line"));
        var gap = List.of(new MessageProof.Segment(List.of(lines.get(1), lines.get(3)), ofAcknowledged));
        assertThat(check(proof(gap, receipt(bob), null).sign(alice)).holds()).isFalse();
        var cut = List.of(new MessageProof.Segment(lines.subList(1, 4), witnessed));
        assertThat(check(proof(cut, receipt(bob), null).sign(alice)).holds()).isFalse();
        // Signed by another key than that of the PeerId.
        assertThat(check(proof(linked(), receipt(bob), null).sign(eve)).holds()).isFalse();
    }

    @Test
    void aLogWrittenAnewIsNotTheOneThatTheReceiverVouchesFor() {
        var anew = new SealedLog(Sealer.begin(alice, RANDOM));
        anew.checkpoint(Checkpoint.Reason.FIRST, NOW);
        anew.line(NOW.minusSeconds(3600), "MESSAGE_SENT", sent(bob.peerId(), CONTENT.length));
        anew.line(NOW, "OTHER", "").line(NOW, "OTHER", "").line(NOW, "OTHER", "");
        var head = anew.head(NOW);
        assertThat(head.seq()).isEqualTo(witnessed.seq());
        var written = List.of(new String(anew.file(), StandardCharsets.UTF_8).split("\n"));
        var judgement = check(proof(List.of(new MessageProof.Segment(written.subList(1, 5), head)), receipt(bob), null)
                .sign(alice));
        assertThat(judgement.shows()).noneMatch(each -> each.contains("vouches"));
        assertThat(judgement.open()).anyMatch(each -> each.contains("not linked"));
    }

    @Test
    void aReceiptIsSignedByItsReceiverOverAllOfIt() {
        var receipt = receipt(bob);
        assertThat(receipt.signedBy(bob.publicKey())).isTrue();
        assertThat(receipt.signedBy(alice.publicKey())).isFalse();
        for (int i = 0; i < receipt.signature().length; i++) {
            byte[] flipped = receipt.signature().clone();
            flipped[i] ^= 1;
            assertThat(new SignedReceipt(alice.peerId(), bob.peerId(), ID, receipt.text(), flipped)
                            .signedBy(bob.publicKey()))
                    .isFalse();
        }
        assertThat(new SignedReceipt(eve.peerId(), bob.peerId(), ID, receipt.text(), receipt.signature())
                        .signedBy(bob.publicKey()))
                .isFalse();
    }
}
