package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.bench.Peer;
import dev.parley.bench.ThrowawayKeys;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.testing.Certs;
import dev.parley.node.testing.Certs.Ca;
import dev.parley.node.testing.Strangers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.LetInBy;
import dev.parley.node.trust.PeerState;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.wire.Failure;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node in trust mode ca, and peers with chains of every kind that dial it. */
@QuarkusTest
@TestProfile(FleetTest.OfAnAuthority.class)
class FleetTest {

    private static final Path HOME = Path.of("target/fleet");
    private static final Path ANCHORS = HOME.resolve("ca.crt");
    private static final Path REVOKED = HOME.resolve("revoked.txt");
    private static final Path OWN = HOME.resolve("tls.crt");
    private static final Path NET_LOG = HOME.resolve("data/net.log");
    private static final Ca ROOT = Certs.root("fleet");
    private static final long SOON = 10_000;
    private static final int CROWD = 8;

    public static class OfAnAuthority implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Files.createDirectories(HOME);
                Files.writeString(ANCHORS, Certs.pem(ROOT.der()));
                Files.writeString(REVOKED, "");
                Files.deleteIfExists(OWN);
                Files.deleteIfExists(HOME.resolve("data/peers.json"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.of(
                    "parley.data-dir", HOME.resolve("data").toString(),
                    "parley.listen.port", "0",
                    "parley.identity.bits", "2048",
                    "parley.identity.certificate", OWN.toString(),
                    "parley.handshake.unwraps.burst", "1000",
                    "parley.trust.mode", "ca",
                    "parley.trust.ca.anchors", ANCHORS.toString(),
                    "parley.trust.ca.revoked", REVOKED.toString(),
                    "parley.trust.ca.names", "*.fleet.example");
        }
    }

    @Inject
    PeerNetwork network;

    @Inject
    SessionRegistry sessions;

    @Inject
    KnownPeers peers;

    private final IdentityKey key = ThrowawayKeys.make(1).getFirst();
    private int port;

    @BeforeEach
    void reset() throws Exception {
        port = HostPort.parse(network.listenAddress()).port();
        replace(ANCHORS, Certs.pem(ROOT.der()));
        replace(REVOKED, "");
        IdentityKey probe = ThrowawayKeys.make(1).getFirst();
        await().atMost(Duration.ofMillis(SOON)).until(() -> isLetIn(probe, leaf(probe, "probe.fleet.example")));
    }

    @Test
    void aGoodChainLetsInAtOnceUnderItsName() throws Exception {
        Ca middle = ROOT.below("middle", Certs.authority().pathLength(0));
        byte[] leaf = middle.issue(key.publicKey(), Certs.peer("web-1.fleet.example"));
        try (Peer peer = Strangers.up(port, settings(key, leaf, middle.der()), event -> {})) {
            assertThat(peer.isUp()).isTrue();
            assertThat(peers.get(key.peerId()).orElseThrow()).satisfies(known -> {
                assertThat(known.alias()).contains("web-1.fleet.example");
                assertThat(known.state()).isEqualTo(PeerState.TRUSTED);
                assertThat(known.letInBy()).isEqualTo(LetInBy.CERTIFICATE);
            });
        }
        assertThat(Files.readString(NET_LOG)).contains("PEER_CERTIFIED", "web-1.fleet.example");
    }

    @Test
    void chainsOfEveryOtherKindAreRefused() throws Exception {
        Instant now = Instant.now();
        String name = "x.fleet.example";
        refused("no certificate");
        refused(
                "has expired",
                ROOT.issue(
                        key.publicKey(),
                        Certs.peer(name).to(now.minusSeconds(1)).from(now.minusSeconds(99))));
        refused(
                "is not valid before",
                ROOT.issue(key.publicKey(), Certs.peer(name).from(now.plusSeconds(99))));
        refused("does not lead", Certs.root("other").issue(key.publicKey(), Certs.peer(name)));
        refused("signed by", Certs.root("fleet").issue(key.publicKey(), Certs.peer(name)));
        refused("key encipherment", ROOT.issue(key.publicKey(), Certs.peer(name).usage(KeyUsage.digitalSignature)));
        refused(
                "server and client",
                ROOT.issue(key.publicKey(), Certs.peer(name).purposes(KeyPurposeId.id_kp_clientAuth)));
        refused("parley.trust.ca.names", ROOT.issue(key.publicKey(), Certs.peer("x.other.example")));
        var pair = Certs.ec();
        Ca leafAsCa = new Ca("leaf", pair, ROOT.issue(pair.getPublic(), Certs.peer(name)));
        refused("not for signing", leafAsCa.issue(key.publicKey(), Certs.peer(name)), leafAsCa.der());
        Ca limited = ROOT.below("limited", Certs.authority().pathLength(0));
        Ca beyond = limited.below("beyond", Certs.authority());
        refused("", beyond.issue(key.publicKey(), Certs.peer(name)), beyond.der(), limited.der());
        byte[] good = leaf(key, name);
        refused("damaged", good, new byte[12_000]);
        refused("damaged", good, new byte[0], new byte[] {0x30}, new byte[] {0x30, (byte) 0x84, -1, -1, -1, -1});
        assertThat(peers.get(key.peerId()))
                .as("a stranger is not queued for approval")
                .isEmpty();
    }

    @Test
    void aCertificateForAnotherKeyBreaksTheProtocol() throws Exception {
        IdentityKey other = ThrowawayKeys.make(1).getFirst();
        Ending ending = endingOf(settings(key, leaf(other, "x.fleet.example")));
        assertThat(ending.how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
        assertThat(ending.failure()).isEqualTo(Failure.MALFORMED);
        assertThat(endingOf(settings(key, new byte[1_000])).failure()).isEqualTo(Failure.MALFORMED);
    }

    @Test
    void eightCertificatesAreAsGoodAsOne() throws Exception {
        List<byte[]> chain = new ArrayList<>();
        Ca last = ROOT;
        for (int i = 0; i < 7; i++) {
            last = last.below("ca" + i, Certs.authority());
            chain.addFirst(last.der());
        }
        chain.addFirst(last.issue(key.publicKey(), Certs.peer("deep.fleet.example")));
        try (Peer peer = Strangers.up(port, settings(key, chain.toArray(byte[][]::new)), event -> {})) {
            assertThat(peer.isUp()).isTrue();
        }
    }

    @Test
    void revokingAKeyEndsItsSessionWithinASecondAndKeepsItOut() throws Exception {
        Peer peer = Strangers.up(port, settings(key, leaf(key, "a.fleet.example")), event -> {});
        IdentityKey bystander = ThrowawayKeys.make(1).getFirst();
        try (Peer other = Strangers.up(port, settings(bystander, leaf(bystander, "b.fleet.example")), event -> {})) {
            long from = System.nanoTime();
            replace(REVOKED, "# stolen\n" + key.peerId() + "\n");
            Strangers.turnUntilEnded(peer, SOON);
            long took = (System.nanoTime() - from) / 1_000_000;
            assertThat(peer.ending().orElseThrow().failure()).isEqualTo(Failure.NOT_TRUSTED);
            assertThat(took).as("milliseconds").isLessThan(1_000);
            other.turn(1);
            assertThat(other.isUp()).isTrue();
        }
        Ending again = endingOf(settings(key, leaf(key, "again.fleet.example")));
        assertThat(again.failure()).as("with a re-issued certificate").isEqualTo(Failure.NOT_TRUSTED);
        assertThat(peers.get(key.peerId())).isPresent();
        peers.approve(key.peerId(), Optional.empty());
        assertThat(endingOf(settings(key, leaf(key, "again.fleet.example"))).failure())
                .as("approved by the operator")
                .isEqualTo(Failure.NOT_TRUSTED);
        await().atMost(Duration.ofMillis(SOON))
                .until(() ->
                        Files.readString(NET_LOG).contains("\"event\":\"PEER_REVOKED\",\"peer\":\"" + key.peerId()));
    }

    @Test
    void aRevokedKeyThatDialsAgainAndAgainIsSummedUp() throws Exception {
        replace(REVOKED, key.peerId() + "\n");
        ChannelSettings settings = settings(key, leaf(key, "a.fleet.example"));
        await().atMost(Duration.ofMillis(SOON)).until(() -> endingOf(settings).failure() == Failure.NOT_TRUSTED);
        long before = Files.size(NET_LOG);
        long from = System.nanoTime();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            List<Peer> crowd = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                crowd.add(Strangers.dial(port, settings, event -> {}));
            }
            for (Peer each : crowd) {
                Strangers.turnUntilEnded(each, SOON);
                each.abort();
            }
            return grown(before).contains("STRANGERS_SUPPRESSED");
        });
        long windows = 2 + (System.nanoTime() - from) / Duration.ofSeconds(10).toNanos();
        String grown = grown(before);
        assertThat(grown.split("\"PEER_REVOKED\"", -1).length - 1)
                .as("32 and the 5 of an address, in each of %d windows of 10 s", windows)
                .isPositive()
                .isLessThanOrEqualTo((int) (37 * windows));
        assertThat(grown).containsPattern("\"peersRevoked\":[1-9]");
    }

    private static String grown(long before) throws IOException {
        return Files.readString(NET_LOG).substring((int) before);
    }

    @Test
    void anExpiredCertificateEndsALiveSession() throws Exception {
        byte[] brief = ROOT.issue(
                key.publicKey(), Certs.peer("a.fleet.example").to(Instant.now().plusSeconds(4)));
        Peer peer = Strangers.up(port, settings(key, brief), event -> {});
        Strangers.turnUntilEnded(peer, SOON);
        assertThat(peer.ending().orElseThrow().failure()).isEqualTo(Failure.NOT_TRUSTED);
        // The line is written by another thread than the one that closes.
        await().atMost(Duration.ofMillis(SOON))
                .untilAsserted(() -> assertThat(Files.readString(NET_LOG))
                        .contains("\"event\":\"PEER_CERTIFICATE_LOST\",\"peer\":\"" + key.peerId()));
    }

    @Test
    void otherAnchorsEndSessionsOfThoseBeforeAndABadFileEndsNone() throws Exception {
        Peer peer = Strangers.up(port, settings(key, leaf(key, "a.fleet.example")), event -> {});
        String before = Files.readString(NET_LOG);
        Files.writeString(ANCHORS, "garbage");
        await().atMost(Duration.ofMillis(SOON))
                .until(() ->
                        Files.readString(NET_LOG).substring(before.length()).contains("ANCHORS_REFUSED"));
        Files.delete(ANCHORS);
        await().atMost(Duration.ofMillis(SOON))
                .until(() ->
                        Files.readString(NET_LOG).substring(before.length()).contains("is not there"));
        IdentityKey late = ThrowawayKeys.make(1).getFirst();
        assertThat(isLetIn(late, leaf(late, "late.fleet.example"))).isTrue();
        peer.turn(10);
        assertThat(peer.isUp()).isTrue();
        Ca other = Certs.root("other");
        replace(ANCHORS, Certs.pem(other.der()));
        Strangers.turnUntilEnded(peer, SOON);
        assertThat(peer.ending().orElseThrow().failure()).isEqualTo(Failure.NOT_TRUSTED);
        assertThat(isLetIn(key, other.issue(key.publicKey(), Certs.peer("a.fleet.example"))))
                .isTrue();
        assertThat(isLetIn(late, leaf(late, "late.fleet.example"))).isFalse();
    }

    @Test
    void theOperatorsDecisionsWin() throws Exception {
        peers.introduce(key.peerId(), Optional.empty(), List.of());
        try (Peer approved = Strangers.up(port, settings(key), event -> {})) {
            assertThat(approved.isUp()).as("without any certificate").isTrue();
        }
        peers.block(key.peerId());
        assertThat(endingOf(settings(key, leaf(key, "a.fleet.example"))).failure())
                .as("with a good one")
                .isEqualTo(Failure.BLOCKED);
        assertThat(peers.get(key.peerId()).orElseThrow().state()).isEqualTo(PeerState.BLOCKED);
    }

    @Test
    void aPeerThatItsCertificateLetInStaysOutWithoutOne() throws Exception {
        assertThat(isLetIn(key, leaf(key, "a.fleet.example"))).isTrue();
        assertThat(endingOf(settings(key)).failure()).isEqualTo(Failure.NOT_TRUSTED);
    }

    @Test
    void newSessionsShowTheNodesOwnCertificateAsSoonAsThereIsOne() throws Exception {
        assertThat(shown()).isEmpty();
        ChannelSettings settings = settings(key, leaf(key, "a.fleet.example"));
        List<Identity> seen = Collections.synchronizedList(new ArrayList<>());
        try (Peer peer = Strangers.up(port, settings, event -> note(event, seen))) {
            assertThat(peer.isUp()).isTrue();
        }
        Certs.Spec spec = Certs.peer("node.fleet.example");
        byte[] own = ROOT.issue(seen.getFirst().publicKey(), spec);
        Files.writeString(OWN, Certs.pem(own));
        await().atMost(Duration.ofMillis(SOON)).until(() -> shown().equals(List.of(Arrays.hashCode(own))));
        Files.writeString(OWN, Certs.pem(leaf(key, "a.fleet.example")));
        await().atMost(Duration.ofMillis(SOON))
                .until(() -> Files.readString(NET_LOG).contains("CERTIFICATE_REFUSED"));
        await().atMost(Duration.ofMillis(SOON))
                .until(() -> Files.readString(NET_LOG).contains("for another key than this node's"));
        assertThat(shown()).as("one for another key changes nothing").containsExactly(Arrays.hashCode(own));
        byte[] renewed = ROOT.issue(seen.getFirst().publicKey(), spec);
        replace(OWN, Certs.pem(renewed));
        await().atMost(Duration.ofMillis(SOON)).until(() -> shown().equals(List.of(Arrays.hashCode(renewed))));
        Files.delete(OWN);
    }

    private List<Integer> shown() throws IOException {
        List<Identity> seen = new ArrayList<>();
        try (Peer _ = Strangers.up(port, settings(key, leaf(key, "a.fleet.example")), event -> note(event, seen))) {
            return seen.getFirst().chain().stream().map(Arrays::hashCode).toList();
        }
    }

    private static void note(ChannelEvent event, List<Identity> seen) {
        if (event instanceof ChannelEvent.Authenticated authenticated) {
            seen.add(authenticated.peer());
        }
    }

    private void refused(String why, byte[]... chain) throws Exception {
        String before = Files.readString(NET_LOG);
        Ending ending = endingOf(settings(key, chain));
        assertThat(ending.how()).as(why).isEqualTo(Ending.How.CLOSED_BY_PEER);
        assertThat(ending.failure()).as(why).isEqualTo(Failure.NOT_TRUSTED);
        await().atMost(Duration.ofMillis(SOON))
                .untilAsserted(() -> assertThat(Files.readString(NET_LOG).substring(before.length()))
                        .contains("\"event\":\"PEER_NOT_CERTIFIED\"")
                        .contains(why));
        assertThat(sessions.of(key.peerId())).isEmpty();
    }

    private boolean isLetIn(IdentityKey who, byte[]... chain) throws Exception {
        Peer peer = Strangers.dial(port, settings(who, chain), event -> {});
        long deadline = System.nanoTime() + SOON * 1_000_000;
        while (!peer.isUp() && peer.ending().isEmpty() && System.nanoTime() < deadline) {
            peer.turn(20);
        }
        boolean in = peer.isUp();
        peer.abort();
        return in;
    }

    private Ending endingOf(ChannelSettings settings) throws Exception {
        Peer peer = Strangers.dial(port, settings, event -> {});
        Strangers.turnUntilEnded(peer, SOON);
        peer.abort();
        return peer.ending().orElseThrow();
    }

    private static byte[] leaf(IdentityKey of, String name) {
        return ROOT.issue(of.publicKey(), Certs.peer(name));
    }

    private static ChannelSettings settings(IdentityKey of, byte[]... chain) {
        return Strangers.settings(of).withIdentity(Identity.of(of, "stranger", "", List.of(chain)));
    }

    private static void replace(Path file, String content) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling("fresh"), content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
