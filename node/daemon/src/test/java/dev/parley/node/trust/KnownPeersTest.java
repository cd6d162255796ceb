package dev.parley.node.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.trust.PeerException.Reason;
import dev.parley.node.trust.TrustPolicy.Decision;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Succession;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownPeersTest {

    private static final long HOUR = 3_600_000;
    private static final IdentityKey ALICE = IdentityKey.generate(2_048, new SecureRandom());
    private static final IdentityKey NEXT = IdentityKey.generate(2_048, new SecureRandom());
    private static final IdentityKey OTHER = IdentityKey.generate(2_048, new SecureRandom());
    private static final IdentityKey CAROL = IdentityKey.generate(2_048, new SecureRandom());

    private static Identity alice;
    private static Identity bob;
    private static Identity carol;

    @TempDir
    Path dataDir;

    private final List<String> events = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<KnownPeers> opened = new ArrayList<>();
    private KnownPeers peers;

    @BeforeAll
    static void makeIdentities() {
        alice = Identity.of(ALICE, "alice", "", List.of());
        bob = identity("bob");
        carol = identity("carol");
    }

    @BeforeEach
    void open() throws IOException {
        peers = load("approve");
    }

    @AfterEach
    void close() {
        opened.forEach(KnownPeers::stop);
    }

    @Test
    void anUnknownPeerWaitsForApprovalAndIsThenLetIn() {
        assertThat(decide(alice, "192.0.2.1:5000")).isEqualTo(Decision.PENDING);
        assertThat(decide(alice, "192.0.2.1:5001")).isEqualTo(Decision.PENDING);
        peers.approve(alice.peerId(), Optional.of("alice"));
        assertThat(decide(alice, "192.0.2.1:5002")).isEqualTo(Decision.ADMIT);
        assertThat(events).containsExactly("PEER_PENDING", "PEER_APPROVED");
        assertThat(told).containsExactly("pending", "approved");
    }

    @Test
    void firstUsePinsAndLetsIn() throws IOException {
        peers = load("first-use");
        assertThat(decide(alice, "192.0.2.1:5000")).isEqualTo(Decision.ADMIT);
        assertThat(events).containsExactly("PEER_PINNED");
    }

    @Test
    void aBlockedPeerStaysOutUntilItIsApproved() {
        decide(alice, "192.0.2.1:5000");
        peers.block(alice.peerId());
        assertThat(decide(alice, "192.0.2.1:5000")).isEqualTo(Decision.BLOCKED);
        assertThatThrownBy(() -> peers.verify(alice.peerId()))
                .isInstanceOfSatisfying(
                        PeerException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.STATE));
        peers.approve(alice.peerId(), Optional.empty());
        assertThat(decide(alice, "192.0.2.1:5000")).isEqualTo(Decision.ADMIT);
    }

    @Test
    void decisionsOutliveTheProcess() throws IOException {
        decide(alice, "192.0.2.1:5000");
        peers.approve(alice.peerId(), Optional.of("alice"));
        peers.verify(alice.peerId());
        peers.introduce(bob.peerId(), Optional.of("bob"), List.of("bob.example:3001"));
        peers.block(bob.peerId());
        KnownPeers again = load("approve");
        assertThat(again.get(alice.peerId()).orElseThrow().state()).isEqualTo(PeerState.VERIFIED);
        assertThat(again.resolve("bob")).satisfies(known -> {
            assertThat(known.state()).isEqualTo(PeerState.BLOCKED);
            assertThat(known.addresses()).containsExactly("bob.example:3001");
        });
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir.resolve("peers.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aDamagedFileIsAnErrorAndNotAnEmptyList() throws IOException {
        for (String damaged :
                List.of("", "{}", "{\"version\":2,\"peers\":[]}", "{\"version\":1,\"peers\":[{}]}", "[")) {
            Files.writeString(dataDir.resolve("peers.json"), damaged);
            assertThatThrownBy(() -> load("approve")).as(damaged).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theQueueForApprovalIsBoundedPerAddress() {
        for (int i = 0; i < 3; i++) {
            assertThat(decide(identity("x" + i), "192.0.2.1:" + (5_000 + i))).isEqualTo(Decision.PENDING);
        }
        assertThat(decide(alice, "192.0.2.1:6000")).isEqualTo(Decision.REFUSE);
        assertThat(peers.get(alice.peerId()))
                .as("a peer that is not queued is not remembered")
                .isEmpty();
        assertThat(decide(alice, "192.0.2.2:6000")).isEqualTo(Decision.PENDING);
    }

    @Test
    void peersAreNamedByAliasIdOrUniquePrefix() {
        peers.introduce(alice.peerId(), Optional.of("alice"), List.of());
        peers.introduce(bob.peerId(), Optional.empty(), List.of());
        assertThat(peers.resolve("alice").id()).isEqualTo(alice.peerId());
        assertThat(peers.resolve(bob.peerId().toString()).id()).isEqualTo(bob.peerId());
        assertThat(peers.resolve(bob.peerId().toString().substring(0, 10)).id()).isEqualTo(bob.peerId());
        assertReason(() -> peers.resolve("nobody"), Reason.NOT_FOUND);
        assertReason(() -> peers.resolve(bob.peerId().toString().substring(0, 3)), Reason.NOT_FOUND);
        assertReason(() -> peers.rename(bob.peerId(), "alice"), Reason.ALIAS_TAKEN);
        for (String bad : List.of(
                "",
                "-x",
                "a b",
                "a\nb",
                "\u202ebob",
                "a".repeat(65),
                bob.peerId().toString())) {
            assertReason(() -> peers.rename(bob.peerId(), bad), Reason.INVALID);
        }
    }

    @Test
    void anAddressLeadsToWhoAnsweredThereLast() {
        peers.introduce(alice.peerId(), Optional.empty(), List.of("host.example:1"));
        assertThat(peers.knownAt("host.example:1")).contains(alice.peerId());
        peers.met(bob, "host.example:1", true);
        assertThat(peers.knownAt("host.example:1")).contains(bob.peerId());
        assertThat(peers.isTrusted(bob.peerId())).isTrue();
        peers.met(carol, "other.example:1", false);
        assertThat(peers.isTrusted(carol.peerId())).isFalse();
        assertThat(peers.knownAt("other.example:1"))
                .as("only one that is let in is expected anywhere")
                .isEmpty();
    }

    @Test
    void aForgottenPeerIsAStranger() {
        peers.introduce(alice.peerId(), Optional.of("alice"), List.of());
        peers.forget(alice.peerId());
        assertThat(decide(alice, "192.0.2.1:1")).isEqualTo(Decision.PENDING);
        assertReason(() -> peers.resolve("alice"), Reason.NOT_FOUND);
    }

    @Test
    void aKeyThatTheOldOneNamedTakesItsPlace() throws IOException {
        peers.introduce(alice.peerId(), Optional.of("alice"), List.of("alice.example:3001"));
        peers.verify(alice.peerId());
        Identity next = successor(ALICE, NEXT, -HOUR, HOUR);
        assertThat(peers.isSuccessor(alice.peerId(), next)).isTrue();
        assertThat(decide(next, "192.0.2.1:5000")).isEqualTo(Decision.ADMIT);
        for (KnownPeers each : List.of(peers, reloaded())) {
            KnownPeer known = each.resolve("alice");
            assertThat(known.id()).isEqualTo(NEXT.peerId());
            assertThat(known.state()).isEqualTo(PeerState.VERIFIED);
            assertThat(known.addresses()).containsExactly("alice.example:3001");
            assertThat(known.keys().predecessor()).contains(alice.peerId());
            assertThat(each.get(alice.peerId())).isEmpty();
            assertThat(each.isTrusted(alice.peerId())).isFalse();
            assertThat(each.isBlocked(alice.peerId())).isTrue();
            assertThat(each.successions()).containsEntry(alice.peerId(), NEXT.peerId());
        }
        assertThat(events).contains("PEER_KEY_ROTATED");
        assertThat(told).contains("succeeded");
        events.clear();
        assertThat(decide(alice, "192.0.2.1:5001")).as("the old key is over").isEqualTo(Decision.REFUSE);
        decide(alice, "192.0.2.1:5002");
        assertThat(events).as("once a minute").containsExactly("PEER_SUPERSEDED");
        peers.met(alice, "other.example:1", true);
        assertThat(peers.get(alice.peerId())).as("nor does a dial let it in").isEmpty();
        assertReason(() -> peers.resolve(alice.peerId().toString()), Reason.NOT_FOUND);
    }

    @Test
    void aDialThatIsAnsweredByTheSuccessorIsASuccessionToo() {
        peers.introduce(alice.peerId(), Optional.of("alice"), List.of("alice.example:3001"));
        peers.met(successor(ALICE, NEXT, -HOUR, HOUR), "alice.example:3001", false);
        assertThat(peers.resolve("alice").id()).isEqualTo(NEXT.peerId());
        assertThat(peers.knownAt("alice.example:3001")).contains(NEXT.peerId());
    }

    @Test
    void outsideOfTheGracePeriodASuccessorIsAStranger() {
        peers.introduce(alice.peerId(), Optional.of("alice"), List.of());
        for (Identity late :
                List.of(successor(ALICE, NEXT, -2 * HOUR, -HOUR), successor(ALICE, NEXT, HOUR, 2 * HOUR))) {
            assertThat(peers.isSuccessor(alice.peerId(), late)).isFalse();
            assertThat(decide(late, "192.0.2.1:5000")).isEqualTo(Decision.PENDING);
        }
        assertThat(events).as("once a minute").containsOnlyOnce("PEER_ROTATION_EXPIRED");
        assertThat(peers.resolve("alice").id()).isEqualTo(alice.peerId());
        assertThat(decide(alice, "192.0.2.1:5000"))
                .as("nothing has changed for the old key")
                .isEqualTo(Decision.ADMIT);
    }

    @Test
    void whatTheOperatorDecidedAboutTheOldKeyHoldsForTheNew() {
        Identity next = successor(ALICE, NEXT, -HOUR, HOUR);
        decide(alice, "192.0.2.1:5000");
        assertThat(decide(next, "192.0.2.1:5000")).as("pending stays pending").isEqualTo(Decision.PENDING);
        assertThat(peers.all()).as("in the place of the old one").hasSize(1);
        peers.forget(next.peerId());
        assertThat(decide(alice, "192.0.2.1:5000")).as("all is forgotten").isEqualTo(Decision.PENDING);
        peers.block(alice.peerId());
        assertThat(decide(next, "192.0.2.1:5000"))
                .as("a blocked peer stays out")
                .isEqualTo(Decision.BLOCKED);
    }

    @Test
    void severalStepsAreFollowedAtOnce() {
        peers.introduce(alice.peerId(), Optional.of("alice"), List.of());
        List<byte[]> first = chain(ALICE, NEXT, -HOUR, HOUR);
        Identity third = Identity.of(
                OTHER, "", "", Succession.certify(NEXT, OTHER, now(-HOUR), now(HOUR), first, new SecureRandom()));
        assertThat(decide(third, "192.0.2.1:5000")).isEqualTo(Decision.ADMIT);
        assertThat(peers.resolve("alice").id()).isEqualTo(OTHER.peerId());
    }

    @Test
    void twoSuccessorsOfOneKeyAreAnAlarmAndNeitherIsLetIn() throws IOException {
        peers.introduce(alice.peerId(), Optional.of("alice"), List.of());
        Identity first = successor(ALICE, NEXT, -HOUR, HOUR);
        Identity second = successor(ALICE, OTHER, -HOUR, HOUR);
        assertThat(decide(first, "192.0.2.1:5000")).isEqualTo(Decision.ADMIT);
        assertThat(decide(second, "192.0.2.9:5000")).isEqualTo(Decision.REFUSE);
        assertThat(events).contains("PEER_ROTATION_CONFLICT");
        assertThat(told).contains("suspended");
        assertThat(decide(first, "192.0.2.1:5000")).isEqualTo(Decision.PENDING);
        assertThat(reloaded().resolve("alice").state()).isEqualTo(PeerState.PENDING);
        peers.approve(first.peerId(), Optional.empty());
        told.clear();
        assertThat(decide(second, "192.0.2.9:5000")).isEqualTo(Decision.REFUSE);
        assertThat(told)
                .as("the operator has decided: a thief does not undo that")
                .isEmpty();
        assertThat(decide(first, "192.0.2.1:5000")).isEqualTo(Decision.ADMIT);
        assertThat(decide(successor(ALICE, CAROL, -HOUR, HOUR), "192.0.2.9:5000"))
                .isEqualTo(Decision.REFUSE);
        assertThat(decide(first, "192.0.2.1:5000")).isEqualTo(Decision.ADMIT);
    }

    @Test
    void theOperatorMayFindThatTheSecondWasTheRightOne() {
        peers.introduce(alice.peerId(), Optional.of("alice"), List.of());
        Identity first = successor(ALICE, NEXT, -HOUR, HOUR);
        Identity second = successor(ALICE, OTHER, -HOUR, HOUR);
        decide(first, "192.0.2.9:5000");
        decide(second, "192.0.2.1:5000");
        peers.acceptKey(first.peerId(), second.peerId());
        assertThat(peers.resolve("alice").id()).isEqualTo(second.peerId());
        assertThat(decide(second, "192.0.2.1:5000")).isEqualTo(Decision.ADMIT);
        assertThat(peers.isTrusted(first.peerId())).isFalse();
        assertThat(decide(first, "192.0.2.9:5000")).as("who lost").isEqualTo(Decision.REFUSE);
        assertThat(decide(second, "192.0.2.1:5000")).as("does not undo it").isEqualTo(Decision.ADMIT);
    }

    @Test
    void aChangedKeyIsAcceptedByItsWholeIdAlone() throws IOException {
        peers.introduce(alice.peerId(), Optional.of("alice"), List.of("alice.example:3001"));
        peers.verify(alice.peerId());
        assertReason(() -> peers.acceptKey(alice.peerId(), bob.peerId()), Reason.STATE);
        peers.keyChanged(alice.peerId(), "alice.example:3001", bob.peerId());
        assertThat(reloaded().resolve("alice").keys().other().orElseThrow().id())
                .isEqualTo(bob.peerId());
        assertReason(() -> peers.acceptKey(alice.peerId(), carol.peerId()), Reason.OTHER_KEY);
        assertThat(peers.resolve("alice").id()).isEqualTo(alice.peerId());
        peers.acceptKey(alice.peerId(), bob.peerId());
        assertThat(events).contains("PEER_KEY_ACCEPTED");
        assertThat(told).contains("keyAccepted", "approved");
        for (KnownPeers each : List.of(peers, reloaded())) {
            KnownPeer known = each.resolve("alice");
            assertThat(known.id()).isEqualTo(bob.peerId());
            assertThat(known.state()).as("nobody has compared this key").isEqualTo(PeerState.TRUSTED);
            assertThat(known.addresses()).containsExactly("alice.example:3001");
            assertThat(known.keys().other()).isEmpty();
            assertThat(each.isTrusted(alice.peerId()))
                    .as("the old key is let in no more")
                    .isFalse();
        }
        assertThat(decide(alice, "192.0.2.1:1")).isEqualTo(Decision.PENDING);
    }

    @Test
    void aFileWithoutHistoryIsReadAsBefore() throws IOException {
        Files.writeString(
                dataDir.resolve("peers.json"),
                "{\"version\":1,\"peers\":[{\"id\":\"" + alice.peerId() + "\",\"alias\":\"alice\",\"claimedName\":null,"
                        + "\"state\":\"TRUSTED\",\"addresses\":[],\"firstSeen\":\"2026-01-01T10:00:00Z\",\"lastSeen\":null}]}");
        assertThat(load("approve").resolve("alice").id()).isEqualTo(alice.peerId());
    }

    /** What is written soon is on the disk once this has stopped. */
    private KnownPeers reloaded() throws IOException {
        peers.rename(peers.resolve("alice").id(), "alice");
        return load("approve");
    }

    private static Identity successor(IdentityKey old, IdentityKey next, long from, long until) {
        return Identity.of(next, "", "", chain(old, next, from, until));
    }

    private static List<byte[]> chain(IdentityKey old, IdentityKey next, long from, long until) {
        return Succession.certify(old, next, now(from), now(until), List.of(), new SecureRandom());
    }

    private static long now(long offset) {
        return System.currentTimeMillis() + offset;
    }

    private CompletionStage<Void> audited(AuditEvent event) {
        events.add(event.event());
        return CompletableFuture.completedFuture(null);
    }

    private Decision decide(Identity peer, String remote) {
        return peers.decide(peer, remote, Role.RESPONDER, this::audited);
    }

    private static void assertReason(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PeerException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private KnownPeers load(String mode) throws IOException {
        ParleyConfig config = new SmallRyeConfigBuilder()
                .withMapping(ParleyConfig.class)
                .withDefaultValue("parley.data-dir", dataDir.toString())
                .withDefaultValue("parley.trust.mode", mode)
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .build()
                .getConfigMapping(ParleyConfig.class);
        KnownPeers loaded = new KnownPeers(config, this::audited, List.of(new Recorder()));
        loaded.load();
        opened.add(loaded);
        return loaded;
    }

    private static Identity identity(String name) {
        return Identity.of(IdentityKey.generate(2_048, new SecureRandom()), name, "", List.of());
    }

    private final class Recorder implements PeerListener {
        @Override
        public void pending(KnownPeer peer, String remote) {
            told.add("pending");
        }

        @Override
        public void approved(KnownPeer peer) {
            told.add("approved");
        }

        @Override
        public void succeeded(KnownPeer old, KnownPeer next) {
            told.add("succeeded");
        }

        @Override
        public void keyAccepted(KnownPeer old, KnownPeer next) {
            told.add("keyAccepted");
        }

        @Override
        public void suspended(KnownPeer peer, PeerId other, String remote) {
            told.add("suspended");
        }
    }
}
