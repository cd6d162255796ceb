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
        alice = identity("alice");
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
    }
}
