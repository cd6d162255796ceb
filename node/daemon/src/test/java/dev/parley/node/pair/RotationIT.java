package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.evidence.LogFile;
import dev.parley.evidence.LogVerifier;
import dev.parley.evidence.SignedHead;
import dev.parley.node.store.CrashPoint;
import dev.parley.node.testing.AdminClient;
import dev.parley.node.testing.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node changes its identity key, dies over it, and is known to its peer all the same; a thief of the old key is not. */
@Tag("long")
@Timeout(300)
class RotationIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path home;

    @Test
    void aRotatedKeyTakesTheOldOnesPlaceWithAllThatWasItsOwn() throws Exception {
        try (Pair pair = Pair.start(home, Map.of())) {
            String old = pair.alice.peerId();
            assertThat(pair.bob.admin().post("/v1/peers/alice/verify", null).status())
                    .isEqualTo(200);
            pair.alice.send(Map.of("to", "bob", "text", "before"));
            pair.bob.send(Map.of("to", "alice", "text", "before, back"));

            String next = rotate(pair.alice);
            assertThat(pair.alice.peerId()).as("not in effect yet").isEqualTo(old);
            String before = pair.awaitSession("", Pair.BACK_WITHIN);
            pair.alice.process().stop(SOON);
            String waiting = pair.bob
                    .admin()
                    .post("/v1/messages", Map.of("to", "alice", "text", "for whoever alice is by then"))
                    .body()
                    .get("id")
                    .asText();

            pair.alice.dieAt(CrashPoint.IDENTITY_ASIDE);
            assertThat(pair.alice.home.resolve("data/identity.pem"))
                    .as("the worst moment")
                    .doesNotExist();
            pair.alice.startAgain();
            pair.awaitSession(before, Pair.BACK_WITHIN);
            assertThat(pair.alice.peerId()).isEqualTo(next);
            await().atMost(SOON)
                    .until(() -> pair.bob
                            .admin()
                            .get("/v1/messages/" + waiting)
                            .body()
                            .at("/deliveries/0/state")
                            .asText()
                            .equals("DELIVERED"));

            JsonNode peers = pair.bob.admin().get("/v1/peers").body();
            assertThat(peers.size()).as("%s", peers).isEqualTo(1);
            assertThat(peers.get(0).get("peerId").asText()).isEqualTo(next);
            assertThat(peers.get(0).get("alias").asText()).isEqualTo("alice");
            assertThat(peers.get(0).get("state").asText()).isEqualTo("VERIFIED");
            assertThat(peers.get(0).get("previousPeerId").asText()).isEqualTo(old);
            await().atMost(SOON)
                    .until(() ->
                            texts(pair.bob).equals(List.of("before", "before, back", "for whoever alice is by then")));
            assertThat(texts(pair.alice)).contains("before", "for whoever alice is by then");
            talk(pair);

            assertThat(pair.bob.process().netLog())
                    .contains("\"PEER_KEY_ROTATED\"")
                    .doesNotContain("PEER_KEY_CHANGED");
            assertThat(pair.alice.process().netLog())
                    .contains("\"event\":\"IDENTITY_ROTATED\",\"peer\":\"" + next + "\",\"previousPeer\":\"" + old
                            + "\"");
            assertThat(pair.alice.home.resolve("data/identity-old.pem")).doesNotExist();
            assertThat(pair.alice.home.resolve("data/identity-next.pem")).doesNotExist();
            assertLogHolds(pair.alice, old, next);
            assertWitnessed(pair, old, next);

            String dialed = rotate(pair.bob);
            String session = pair.awaitSession("", Pair.BACK_WITHIN);
            pair.bob.process().stop(SOON);
            pair.bob.startAgain();
            session = pair.awaitSession(session, Pair.BACK_WITHIN);
            assertThat(pair.alice
                            .admin()
                            .get("/v1/peers/bob")
                            .body()
                            .get("peerId")
                            .asText())
                    .as("who dials learns of it too")
                    .isEqualTo(dialed);
            assertThat(pair.alice.process().netLog()).doesNotContain("PEER_KEY_CHANGED");
            talk(pair);

            pair.alice.kill();
            pair.alice.startAgain();
            pair.awaitSession(session, Pair.BACK_WITHIN);
            talk(pair);
        }
    }

    @Test
    void aDeathAtAnyPointOfTheChangeIsMadeGoodByTheNextStart() throws Exception {
        try (Pair pair = Pair.start(home, Map.of())) {
            pair.alice.send(Map.of("to", "bob", "text", "kept"));
            var identities = new java.util.ArrayList<>(List.of(pair.alice.peerId()));
            for (CrashPoint point : List.of(
                    CrashPoint.IDENTITY_CERTIFIED,
                    CrashPoint.STORE_BEFORE_COMMIT,
                    CrashPoint.STORE_AFTER_COMMIT,
                    CrashPoint.IDENTITY_REWRAPPED,
                    CrashPoint.IDENTITY_SEALED,
                    CrashPoint.IDENTITY_ASIDE,
                    CrashPoint.IDENTITY_IN_PLACE,
                    CrashPoint.IDENTITY_LOGGED,
                    CrashPoint.IDENTITY_WIPED)) {
                String next = rotate(pair.alice);
                String session = pair.awaitSession("", Pair.BACK_WITHIN);
                pair.alice.process().stop(SOON);
                pair.alice.dieAt(point);
                pair.alice.startAgain();
                pair.awaitSession(session, Pair.BACK_WITHIN);
                assertThat(pair.alice.peerId()).as("%s", point).isEqualTo(next);
                assertThat(texts(pair.alice)).as("%s", point).contains("kept");
                assertThat(pair.alice.process().netLog())
                        .as("%s", point)
                        .contains("\"event\":\"IDENTITY_ROTATED\",\"peer\":\"" + next);
                assertThat(pair.alice.home.resolve("data/identity-old.pem")).doesNotExist();
                talk(pair);
                identities.add(next);
                assertLogHolds(pair.alice, identities.toArray(String[]::new));
            }
        }
    }

    @Test
    void whoHasTheOldKeyIsRefusedAndHisOwnSuccessorIsAnAlarm() throws Exception {
        try (Pair pair = Pair.start(home, Map.of())) {
            Path thief = Files.createDirectories(home.resolve("thief"));
            copyIdentity(pair.alice.home, thief);
            rotate(pair.alice);
            String session = pair.awaitSession("", Pair.BACK_WITHIN);
            pair.alice.process().stop(SOON);
            pair.alice.startAgain();
            pair.awaitSession(session, Pair.BACK_WITHIN);

            Map<String, String> small = Map.of("parley.identity.bits", "2048");
            try (NodeProcess stolen = NodeProcess.start(thief, small)) {
                dial(stolen, pair.bob.port());
                logged(pair.bob, "\"PEER_SUPERSEDED\"");
                assertThat(peer(pair.bob).get("state").asText()).isEqualTo("TRUSTED");
                assertThat(new AdminClient(stolen.socket())
                                .post("/v1/identity/rotate", null)
                                .status())
                        .isEqualTo(200);
                stolen.stop(SOON);
            }
            try (NodeProcess stolen = NodeProcess.start(thief, small)) {
                dial(stolen, pair.bob.port());
                logged(pair.bob, "\"PEER_ROTATION_CONFLICT\"");
                await().atMost(SOON)
                        .until(() -> peer(pair.bob).get("state").asText().equals("PENDING"));
                await().atMost(SOON).until(() -> pair.bob.session().isEmpty());
                assertThat(pair.bob
                                .admin()
                                .post("/v1/peers/alice/approve", null)
                                .status())
                        .isEqualTo(200);
                pair.awaitSession("", Duration.ofSeconds(90));
                dial(stolen, pair.bob.port());
                assertThat(peer(pair.bob).get("state").asText()).isEqualTo("TRUSTED");
                talk(pair);
            }
        }
    }

    /** Offline, with the files and a PeerId alone, whichever of those that the node has had. */
    private static void assertLogHolds(Pair.Member member, String... identities) throws IOException {
        for (String known : List.of(identities[0], identities[identities.length - 1])) {
            var report = LogVerifier.of(known, List.of(), false)
                    .verify(List.of(LogFile.of(member.home.resolve("data/net.log"))));
            assertThat(report.broken()).isEmpty();
            assertThat(report.identities()).containsExactly(identities);
        }
        assertThat(member.process().netLog()).doesNotContain("LOG_CHAIN_BROKEN", "RENEWED");
        assertThat(member.admin().get("/v1/status").body().get("warnings")).isEmpty();
    }

    /** What the peer holds of the log is of both identities, and agrees with it. */
    private static void assertWitnessed(Pair pair, String... identities) throws Exception {
        List<SignedHead> heads = await().atMost(Duration.ofSeconds(90))
                .until(
                        () -> pair.bob
                                .admin()
                                .get("/v1/witness/alice")
                                .body()
                                .valueStream()
                                .map(each -> SignedHead.parse(each.get("head").asText()))
                                .toList(),
                        held -> held.stream()
                                .map(each -> each.peer().toString())
                                .distinct()
                                .toList()
                                .equals(List.of(identities)));
        var report = LogVerifier.of(identities[0], heads, false)
                .verify(List.of(LogFile.of(pair.alice.home.resolve("data/net.log"))));
        assertThat(report.broken()).isEmpty();
        assertThat(report.heads()).isEqualTo(heads.size());
    }

    private static String rotate(Pair.Member member) throws IOException {
        var reply = member.admin().post("/v1/identity/rotate", Map.of("grace", "PT2H"));
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        assertThat(member.admin().post("/v1/identity/rotate", null).status())
                .as("a second one")
                .isEqualTo(409);
        return reply.body().get("nextPeerId").asText();
    }

    static void copyIdentity(Path from, Path to) throws IOException {
        Path data = Files.createDirectory(
                to.resolve("data"),
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
        Files.copy(
                from.resolve("data/identity.pem"),
                data.resolve("identity.pem"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static void dial(NodeProcess node, int port) throws IOException {
        new AdminClient(node.socket())
                .post("/v1/connections", Map.of("host", "127.0.0.1", "port", port, "acceptNew", true, "keep", false));
    }

    private static void logged(Pair.Member member, String text) {
        await().atMost(SOON).until(() -> member.process().netLog().contains(text));
    }

    private static JsonNode peer(Pair.Member member) throws IOException {
        return member.admin().get("/v1/peers/alice").body();
    }

    private static List<String> texts(Pair.Member member) throws IOException {
        String other = member.home.endsWith("bob") ? "alice" : "bob";
        JsonNode entries =
                member.admin().get("/v1/history?peer=" + other).body().path("entries");
        return entries.valueStream().map(entry -> entry.path("text").asText()).toList();
    }

    private static void talk(Pair pair) throws IOException {
        pair.alice.send(Map.of("to", "bob", "text", "still here"));
        pair.bob.send(Map.of("to", "alice", "text", "so am I"));
    }
}
