package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminClient;
import dev.parley.node.testing.Certs;
import dev.parley.node.testing.Certs.Ca;
import dev.parley.node.testing.NodeProcess;
import dev.parley.node.testing.TestDns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that nobody told of each other find each other by a name, and again when one of them has another address. */
@Timeout(300)
@Tag("long")
class DiscoveryIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Ca ROOT = Certs.root("fleet");

    @TempDir
    Path home;

    private TestDns dns;
    private final List<NodeProcess> running = new ArrayList<>();

    @BeforeEach
    void startDns() throws IOException {
        dns = new TestDns();
    }

    @AfterEach
    void stopAll() {
        running.forEach(NodeProcess::close);
        dns.close();
    }

    @Test
    void aFleetMeetsByServiceRecordsAndFollowsAPodThatIsMoved() throws Exception {
        Place a = place("127.0.0.2");
        Place b = place("127.0.0.3");
        Place c = place("127.0.0.4");
        NodeProcess first = start("a", a, fleet("a"));
        NodeProcess second = start("b", b, fleet("b"));
        NodeProcess third = start("c", c, fleet("c"));
        publish(Map.of("a", a, "b", b, "c", c));
        awaitSessions(2, first, second, third);
        for (NodeProcess each : running) {
            // Two, and on a machine that is slow enough a second to one of them that gave way.
            assertThat(count(each, "SESSION_UP")).isBetween(2L, 4L);
            assertThat(count(each, "DIAL_STARTED")).isLessThanOrEqualTo(4);
        }

        // Its last word is heard, it goes, and its name is another place's from then on.
        assertThat(third.stop(SOON)).isZero();
        awaitSessions(1, first, second);
        Place moved = place("127.0.0.5");
        long since = System.nanoTime();
        NodeProcess again = start("c", moved, fleet("c"));
        publish(Map.of("a", a, "b", b, "c", moved));
        awaitSessions(2, first, second, again);
        System.out.printf(
                "found again %d ms after its start%n",
                Duration.ofNanos(System.nanoTime() - since).toMillis());
        await().atMost(SOON).until(() -> first.netLog().contains("\"goneAddresses\":[\"" + c.text() + "\"]"));

        // Nor does a death without a word, nor a name server that says nothing, part the others.
        again.kill();
        awaitSessions(1, first, second);
        dns.behave(TestDns.Mood.FAILS);
        await().atMost(SOON).until(() -> first.netLog().contains("DISCOVERY_FAILED"));
        NodeProcess back = start("c", moved, fleet("c"));
        awaitSessions(2, first, second);
        dns.behave(TestDns.Mood.ANSWERS);
        awaitSessions(2, first, second, back);
        assertThat(dialsTo(first, a) + dialsTo(second, b)).as("dials to itself").isLessThanOrEqualTo(2);
        assertThat(first.netLog()).doesNotContain("\"INTERNAL_ERROR\"", "\"TAMPERING\"");
        assertThat(first.stop(SOON)).isZero();
    }

    @Test
    void whoWasRefusedForWantOfACertificateIsDialedAsSoonAsThereIsOne() throws Exception {
        Map<String, Map<String, String>> settings = new HashMap<>();
        Map<Path, Path> later = new HashMap<>();
        for (String name : List.of("a", "b")) {
            Map<String, String> all = new HashMap<>(fleet(name));
            // The next dial by itself is a minute away at the least.
            all.putAll(Map.of("parley.reconnect.min", "60s", "parley.reconnect.max", "10m"));
            settings.put(name, all);
            Path certificate = Path.of(all.get("parley.identity.certificate"));
            later.put(Files.move(certificate, home.resolve(name + ".later")), certificate);
        }
        Place a = place("127.0.0.2");
        Place b = place("127.0.0.3");
        NodeProcess first = start("a", a, settings.get("a"));
        NodeProcess second = start("b", b, settings.get("b"));
        publish(Map.of("a", a, "b", b));
        await().atMost(SOON).until(() -> count(first, "DIAL_FAILED") + count(second, "DIAL_FAILED") > 0);
        for (var each : later.entrySet()) {
            Files.move(each.getKey(), each.getValue());
        }
        awaitSessions(1, first, second);
    }

    @Test
    void whatIsListedAndWhatIsFoundWorkTogether() throws Exception {
        Place a = place("127.0.0.2");
        Place b = place("127.0.0.3");
        Place c = place("127.0.0.4");
        // A name as a pod has it, for the list; b itself finds nobody.
        Path hosts = Files.writeString(home.resolve("hosts"), "127.0.0.3 b.peers.svc\n");
        Map<String, String> alone = new HashMap<>(fleet("b"));
        alone.put("parley.discovery.dns", "elsewhere.test");
        Map<String, String> both = new HashMap<>(fleet("a"));
        both.put("jdk.net.hosts.file", hosts.toString());
        NodeProcess first = start("a", a, both);
        NodeProcess second = start("b", b, alone);
        NodeProcess third = start("c", c, fleet("c"));
        publish(Map.of("a", a, "c", c));
        awaitSessions(1, first, third);
        Map<String, ?> order = Map.of("host", "b.peers.svc", "port", b.port(), "acceptNew", false);
        var dial = new AdminClient(first.socket()).post("/v1/connections", order);
        assertThat(dial.body().path("state").asText()).as("%s", dial.body()).isEqualTo("CONNECTED");
        awaitSessions(2, first);

        // Found as well, it has the one session that it had; no more found, it stays.
        publish(Map.of("a", a, "b", b, "c", c));
        awaitSessions(2, first, second, third);
        publish(Map.of("a", a, "c", c));
        await().atMost(SOON).until(() -> first.netLog().contains("\"goneAddresses\":[\"" + b.text() + "\"]"));
        awaitSessions(2, first, second, third);
        second.kill();
        start("b", b, alone);
        awaitSessions(2, first);
        assertThat(count(first, "CONNECTED_TO_SELF")).isLessThanOrEqualTo(1);
    }

    @Tag("long")
    @Test
    void strangersThatFindEachOtherWaitForTheirOperators() throws Exception {
        // All at one port, and by addresses alone. Nobody says where it can be dialed.
        int port = place("127.0.0.2").port();
        Map<String, String> settings = Map.of("parley.identity.bits", "2048");
        NodeProcess first = start("a", new Place("127.0.0.2", port), settings);
        NodeProcess second = start("b", new Place("127.0.0.3", port), settings);
        dns.addresses("peers.test", "127.0.0.2", "127.0.0.3");
        for (NodeProcess each : running) {
            JsonNode peers = await().atMost(SOON)
                    .until(() -> new AdminClient(each.socket()).get("/v1/peers").body(), found -> found.size() == 1);
            assertThat(sessions(each)).isZero();
            new AdminClient(each.socket())
                    .post("/v1/peers/" + peers.get(0).get("peerId").asText() + "/approve", Map.of("alias", "other"));
        }
        awaitSessions(1, first, second);
    }

    @Test
    void doctorTellsWhoIsNotReachedAndWhyAndThatNobodyIsFound() throws Exception {
        Map<String, String> open = Map.of("parley.identity.bits", "2048", "parley.trust.mode", "first-use");
        int port = place("127.0.0.2").port();
        NodeProcess first = start("a", new Place("127.0.0.2", port), open);
        awaitFinding(first, "discovery", "PROBLEM", "peers.test has no address");
        dns.behave(TestDns.Mood.FAILS);
        awaitFinding(first, "discovery", "PROBLEM", "is not resolved since", "no peer is known by it");

        dns.behave(TestDns.Mood.ANSWERS);
        NodeProcess second = start("b", new Place("127.0.0.3", port), open);
        dns.addresses("peers.test", "127.0.0.2", "127.0.0.3", "127.0.0.9");
        awaitSessions(1, first, second);
        awaitFinding(
                first, "discovery", "OK", "3 addresses, 1 of this node", "dials 2, and 0 dial it; 1 are connected");
        awaitFinding(second, "discovery", "OK", "dials 1, and 1 dial it; 1 are connected");
        for (NodeProcess each : running) {
            awaitFinding(each, "peers", "PROBLEM", "127.0.0.9:" + port + ", found by peers.test, cannot be reached");
        }

        // Of these two it is the first that dials, and the second says so of it.
        AdminClient admin = new AdminClient(second.socket());
        String peer = admin.get("/v1/peers").body().get(0).get("peerId").asText();
        String stranger = "b".repeat(51) + "a";
        first.kill();
        admin.post("/v1/peers", Map.of("peerId", stranger, "alias", "carol"));
        for (String to : List.of(peer, stranger)) {
            var queued = admin.post("/v1/messages", Map.of("to", to, "text", "hi"));
            assertThat(queued.body().path("messages").isMissingNode()
                            && queued.body().has("code"))
                    .as("%s", queued.body())
                    .isFalse();
        }
        awaitFinding(
                second, "peers", "PROBLEM", " at 127.0.0.2:" + port + ", found", "for that peer to dial this node");
        awaitFinding(second, "peers", "WARNING", "wait for carol", "not met at any address of peers.test");
        assertThat(findings(second, "peers")).noneMatch(each -> each.contains("does not dial"));
        awaitFinding(second, "discovery", "OK", "that has not dialed yet: 127.0.0.2:" + port);
        dns.behave(TestDns.Mood.SILENT);
        awaitFinding(second, "discovery", "WARNING", "goes on with 3 addresses known before");
        dns.behave(TestDns.Mood.ANSWERS);
        awaitFinding(second, "discovery", "OK", "3 addresses");
    }

    private static void awaitFinding(NodeProcess node, String check, String level, String... parts) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(findings(node, check))
                        .anySatisfy(
                                each -> assertThat(each).startsWith(level + " ").contains(parts)));
    }

    /** "LEVEL text" of each. */
    private static List<String> findings(NodeProcess node, String check) throws IOException {
        List<String> all = new ArrayList<>();
        for (JsonNode each :
                new AdminClient(node.socket()).get("/v1/doctor").body().get("findings")) {
            if (each.get("check").asText().equals(check)) {
                all.add(each.get("level").asText() + " " + each.get("text").asText());
            }
        }
        return all;
    }

    @Test
    void aPeerByHostNameIsLookedUpAnewForEachDial() throws Exception {
        Path hosts = home.resolve("hosts");
        Files.writeString(hosts, "127.0.0.2 bob.test\n");
        int port = place("127.0.0.2").port();
        Map<String, String> open = Map.of("parley.identity.bits", "2048", "parley.trust.mode", "first-use");
        Map<String, String> asking = new HashMap<>(open);
        asking.put("jdk.net.hosts.file", hosts.toString());
        NodeProcess bob = start("bob", new Place("127.0.0.2", port), open);
        start("carol", new Place("127.0.0.3", port), open);
        NodeProcess alice = start("alice", place("127.0.0.9"), asking);
        Map<String, ?> order = Map.of("host", "bob.test", "port", port, "acceptNew", false);
        var dial = new AdminClient(alice.socket()).post("/v1/connections", order);
        assertThat(dial.body().path("state").asText()).as("%s", dial.body()).isEqualTo("CONNECTED");

        // Java would go on for 30 s with the address that it has just found. Now somebody else answers there, and is
        // not taken for bob.
        bob.kill();
        Files.writeString(hosts, "127.0.0.3 bob.test\n");
        await().atMost(Duration.ofSeconds(15))
                .until(() -> alice.netLog().contains("\"remote\":\"127.0.0.3:" + port + "\""));
        assertThat(sessions(alice)).isZero();
    }

    /** Where a node listens. */
    private record Place(String host, int port) {
        String text() {
            return host + ":" + port;
        }
    }

    private static Place place(String host) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral(host))) {
            return new Place(host, free.getLocalPort());
        }
    }

    private void publish(Map<String, Place> nodes) {
        nodes.forEach((name, place) -> dns.addresses(name + ".peers.test", place.host()));
        dns.services(
                "_psp._tcp.peers.test",
                nodes.entrySet().stream()
                        .map(each ->
                                each.getKey() + ".peers.test:" + each.getValue().port())
                        .toArray(String[]::new));
    }

    private NodeProcess start(String name, Place at, Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "parley.listen.host", at.host(),
                "parley.listen.port", Integer.toString(at.port()),
                "parley.discovery.dns", "peers.test",
                "parley.discovery.servers", dns.server(),
                "parley.discovery.every", "1s",
                "parley.shutdown.back", "1s",
                "parley.reconnect.min", "200ms",
                "parley.reconnect.max", "2s"));
        settings.putAll(more);
        if (more.containsKey("parley.identity.certificate")) {
            settings.put("parley.advertise", at.text());
        }
        Path directory = home.resolve(name);
        Files.createDirectories(directory);
        NodeProcess node = NodeProcess.start(directory, settings);
        running.add(node);
        return node;
    }

    /** Settings of a member: a key in a file and a certificate for it. */
    private Map<String, String> fleet(String name) throws IOException {
        Path key = home.resolve(name + ".key");
        Path certificate = home.resolve(name + ".crt");
        Path anchors = home.resolve("ca.crt");
        if (!Files.exists(key)) {
            KeyPair pair = Certs.rsa(2048);
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    key,
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                    .encodeToString(pair.getPrivate().getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
            Files.writeString(
                    certificate, Certs.pem(ROOT.issue(pair.getPublic(), Certs.peer(name + ".fleet.example"))));
            Files.writeString(anchors, Certs.pem(ROOT.der()));
        }
        return Map.of(
                "parley.trust.mode", "ca",
                "parley.trust.ca.anchors", anchors.toString(),
                "parley.identity.key-file", key.toString(),
                "parley.identity.certificate", certificate.toString());
    }

    private static void awaitSessions(int each, NodeProcess... nodes) {
        for (NodeProcess node : nodes) {
            await().atMost(SOON).ignoreException(IOException.class).until(() -> sessions(node) == each);
        }
    }

    private static int sessions(NodeProcess node) throws IOException {
        int up = 0;
        for (JsonNode each : new AdminClient(node.socket()).get("/v1/sessions").body()) {
            up += each.get("state").asText().equals("UP") ? 1 : 0;
        }
        return up;
    }

    private static long count(NodeProcess node, String event) {
        return node.netLog()
                .lines()
                .filter(line -> line.contains("\"event\":\"" + event + "\""))
                .count();
    }

    private static long dialsTo(NodeProcess node, Place place) {
        Pattern dial = Pattern.compile("\"DIAL_STARTED\".*\"" + Pattern.quote(place.text()) + "\"");
        return node.netLog().lines().filter(line -> dial.matcher(line).find()).count();
    }
}
