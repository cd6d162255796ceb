package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.evidence.LineHead;
import dev.parley.evidence.SignedHead;
import dev.parley.evidence.SignedReceipt;
import dev.parley.node.audit.MessageEvent;
import dev.parley.node.audit.NetLog;
import dev.parley.node.audit.WitnessEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.witness.Exchange;
import dev.parley.node.witness.NoAnswer;
import dev.parley.node.witness.OwnLog;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PSP/1 section 7 as a peer sees it. */
@QuarkusTest
@TestProfile(TcpProfile.class)
class ExchangeTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Inject
    LivePeers live;

    @Inject
    KnownPeers peers;

    @Inject
    CapturedAudit audit;

    @Inject
    OwnLog log;

    @Inject
    Exchange exchange;

    @Inject
    NodeFacts facts;

    @Inject
    ParleyConfig config;

    private static final SecureRandom RANDOM = new SecureRandom();

    private IdentityKey node;
    private IdentityKey key;
    private LivePeers.Live bob;

    @BeforeEach
    void up() throws Exception {
        audit.clear();
        node = IdentityKey.fromPem(Files.readString(config.dataDir().resolve("identity.pem")));
        // A head of its own for each test: the node's true log goes on meanwhile.
        byte[] hash = new byte[32];
        RANDOM.nextBytes(hash);
        log.start(node, new NetLog.Head(0, hash), () -> new NetLog.Head(7, hash));
        key = IdentityKey.generate(2048, RANDOM);
        Identity identity = Identity.of(key, "bob", "", List.of());
        peers.introduce(identity.peerId(), Optional.of("bob"), List.of());
        bob = live.session(identity, true);
        await().until(() -> of(Record.Witness.class).size() == 1);
    }

    @AfterEach
    void clear() {
        live.clear();
    }

    private <R extends Record> List<R> of(Class<R> kind) {
        return bob.link().sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private Record.Head head(long seq, String line, Instant time) {
        var head = SignedHead.sign(
                key, seq, LineHead.sha256().digest(line.getBytes(StandardCharsets.UTF_8)), LineHead.time(time));
        return new Record.Head(head.seq(), head.hash(), head.time(), head.signature());
    }

    private void witness(Record.Head head) {
        live.receive(bob, new Record.Witness(head));
    }

    private List<Record.Head> held() {
        int before = of(Record.WitnessHeld.class).size();
        live.receive(bob, new Record.WitnessQuery(9));
        await().until(() -> of(Record.WitnessHeld.class).size() > before);
        var answer = of(Record.WitnessHeld.class).getLast();
        assertThat(answer.token()).isEqualTo(9);
        assertThat(answer.more()).isFalse();
        return answer.heads();
    }

    @Test
    void announcesOnceAndWaitsForThePeerToKnow() {
        var first = of(Record.Witness.class).getFirst().head();
        var own = new SignedHead(facts.identity().peerId(), first.seq(), first.hash(), first.time(), first.signature());
        assertThat(own.signedBy(facts.identity().publicKey())).isTrue();
        assertThat(first.seq()).isEqualTo(7);
        live.receive(bob, new Record.WitnessQuery(1));
        live.receive(bob, new Record.ReceiptQuery(LivePeers.newMessageId()));
        assertThatThrownBy(() -> exchange.heldBy(bob.id()).join())
                .hasCauseInstanceOf(NoAnswer.class)
                .hasMessageContaining("knows nothing of witnesses");
        // The answer to what the peer asks after it has announced itself shows that the earlier questions had none.
        witness(head(1, "a", NOW));
        assertThat(held()).hasSize(1);
        assertThat(of(Record.Receipt.class)).isEmpty();
        assertThat(of(Record.WitnessHeld.class)).hasSize(1);
    }

    @Test
    void thePeerIsFirstToldWhatTheNodeFoundWhenItStarted() {
        log.start(node, new NetLog.Head(3, new byte[32]), () -> new NetLog.Head(9, new byte[32]));
        LivePeers.Live eve = live.up("eve");
        await().until(() -> eve.link().sent.stream().anyMatch(Record.Witness.class::isInstance));
        LivePeers.Live again = live.session(eve.identity(), true);
        await().until(() -> again.link().sent.stream().anyMatch(Record.Witness.class::isInstance));
        assertThat(List.of(eve, again))
                .extracting(each -> each.link().sent.stream()
                        .filter(Record.Witness.class::isInstance)
                        .map(Record.Witness.class::cast)
                        .findFirst()
                        .orElseThrow()
                        .head()
                        .seq())
                .containsExactly(3L, 9L);
    }

    @Test
    void holdsWhatThePeerSigned() {
        witness(head(10, "ten", NOW));
        witness(head(12, "twelve", NOW.plusSeconds(1)));
        var held = held();
        // Of a day the last one, and the first of all.
        assertThat(held).extracting(Record.Head::seq).containsExactly(10L, 12L);
        assertThat(audit.of(WitnessEvent.WitnessConflict.class)).isEmpty();
        assertThat(audit.of(WitnessEvent.WitnessAsked.class)).hasSize(1);
    }

    @Test
    void aLogThatBecomesShorterIsAnAlarmAndBothHeadsAreKept() {
        witness(head(10, "ten", NOW));
        witness(head(5, "five", NOW.plusSeconds(60)));
        await().until(() -> audit.of(WitnessEvent.WitnessConflict.class).size() == 1);
        assertThat(audit.of(WitnessEvent.WitnessConflict.class).getFirst()).satisfies(alarm -> {
            assertThat(alarm.peer()).isEqualTo(bob.id().toString());
            assertThat(alarm.line()).isEqualTo(5);
            assertThat(alarm.heldLine()).isEqualTo(10);
        });
        assertThat(held()).extracting(Record.Head::seq).containsExactly(10L, 5L);
    }

    @Test
    void theSameLineWithAnotherHashIsAnAlarm() {
        witness(head(10, "ten", NOW));
        witness(head(10, "ten", NOW));
        witness(head(10, "another ten", NOW.plusSeconds(1)));
        await().until(() -> audit.of(WitnessEvent.WitnessConflict.class).size() == 1);
        assertThat(held()).hasSize(2);
    }

    @Test
    void aHeadThatIsLateIsNone() {
        witness(head(10, "ten", NOW.plusSeconds(1)));
        witness(head(9, "nine", NOW));
        assertThat(held()).extracting(Record.Head::seq).containsExactly(10L);
        assertThat(audit.of(WitnessEvent.WitnessConflict.class)).isEmpty();
    }

    @Test
    void aSignatureOfSomebodyElseIsAnAlarmAndNotKept() {
        var good = head(10, "ten", NOW);
        byte[] signature = good.signature().clone();
        signature[3] ^= 1;
        witness(new Record.Head(good.seq(), good.hash(), good.time(), signature));
        await().until(() -> audit.of(WitnessEvent.WitnessConflict.class).size() == 1);
        assertThat(held()).isEmpty();
    }

    @Test
    void aFloodOfHeadsIsIgnored() {
        for (int i = 1; i <= 50; i++) {
            witness(head(i, "line " + i, NOW.plusSeconds(i)));
        }
        assertThat(held()).extracting(Record.Head::seq).containsExactly(1L, 5L);
    }

    @Test
    void asksThePeerWhatItHolds() {
        var announced = of(Record.Witness.class).getFirst().head();
        witness(head(1, "a", NOW));
        var answer = exchange.heldBy(bob.id());
        await().until(() -> !of(Record.WitnessQuery.class).isEmpty());
        int token = of(Record.WitnessQuery.class).getFirst().token();
        live.receive(bob, new Record.WitnessHeld(token + 1, false, List.of()));
        // One that this node has never signed is no word of its own.
        live.receive(bob, new Record.WitnessHeld(token, true, List.of(announced, head(99, "invented", NOW))));
        assertThat(answer).isNotDone();
        live.receive(bob, new Record.WitnessHeld(token, false, List.of(announced)));
        assertThat(answer.join()).extracting(SignedHead::seq).containsExactly(7L, 7L);
    }

    @Test
    void whoAsksLearnsThatTheSessionEnded() {
        witness(head(1, "a", NOW));
        var answer = exchange.heldBy(bob.id());
        await().until(() -> !of(Record.WitnessQuery.class).isEmpty());
        live.clear();
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("the session ended");
        assertThatThrownBy(() -> exchange.heldBy(bob.id()).join()).hasMessageContaining("no session");
    }

    @Test
    void signsThatAMessageCame() {
        witness(head(41, "of bob's log", NOW));
        UUID id = LivePeers.newMessageId();
        byte[] content = "hello".getBytes(StandardCharsets.UTF_8);
        live.receive(bob, new Record.Message(id, 1_769_860_800_123L, Record.Scope.DIRECT, "", "text/plain", content));
        await().until(() -> !of(Record.Ack.class).isEmpty());
        live.receive(bob, new Record.ReceiptQuery(id));
        await().until(() -> !of(Record.Receipt.class).isEmpty());
        var receipt = of(Record.Receipt.class).getFirst();
        assertThat(receipt.status()).isEqualTo(Record.ReceiptStatus.SIGNED);
        assertThat(receipt.text().sha256()).isEqualTo(LineHead.sha256().digest(content));
        assertThat(receipt.text().sentAt()).isEqualTo(1_769_860_800_123L);
        assertThat(receipt.text().session()).isEqualTo(bob.session().id());
        assertThat(receipt.text().witnessedSeq()).isEqualTo(41);
        PeerId own = facts.identity().peerId();
        assertThat(new SignedReceipt(bob.id(), own, id, receipt.text(), receipt.signature())
                        .signedBy(facts.identity().publicKey()))
                .isTrue();
        assertThat(audit.of(WitnessEvent.ReceiptSigned.class)).hasSize(1);
        assertThat(audit.of(MessageEvent.MessageReceived.class)).hasSize(1);
    }

    @Test
    void signsNothingOfOthersAndNotTooMuchAtOnce() {
        witness(head(1, "a", NOW));
        LivePeers.Live eve = live.up("eve");
        UUID ofEve = LivePeers.newMessageId();
        live.receive(eve, new Record.Message(ofEve, 1, Record.Scope.DIRECT, "", "text/plain", new byte[1]));
        await().until(() -> eve.link().sent.stream().anyMatch(Record.Ack.class::isInstance));
        for (int i = 0; i < 60; i++) {
            live.receive(bob, new Record.ReceiptQuery(ofEve));
        }
        await().until(() -> of(Record.Receipt.class).size() == 60);
        assertThat(of(Record.Receipt.class)).noneMatch(each -> each.status() == Record.ReceiptStatus.SIGNED);
        assertThat(of(Record.Receipt.class).stream()
                        .filter(each -> each.status() == Record.ReceiptStatus.UNKNOWN)
                        .count())
                .isBetween(20L, 40L);
        assertThat(audit.of(WitnessEvent.ReceiptSigned.class)).isEmpty();
    }
}
