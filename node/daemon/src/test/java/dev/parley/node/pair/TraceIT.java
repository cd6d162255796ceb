package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.node.pair.Collector.Exported;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way of a message through two live nodes is one trace; and where nobody asked for traces there is none. */
@Tag("long")
@Timeout(300)
class TraceIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SECRET = "what-no-span-may-hold";
    private static final List<String> WAY = List.of("POST /v1/messages", "outbox", "session", "inbox");

    @TempDir
    Path home;

    @Test
    void aMessageIsOneTraceFromTheRequestToThePeersInboxAlsoAfterRestarts() throws Exception {
        try (var collector = new Collector();
                Pair pair = Pair.start(
                        home, Map.of("parley.trace.enabled", "true", "parley.trace.endpoint", collector.endpoint()))) {
            pair.alice.send(Map.of("to", "bob", "text", SECRET, "mediaType", "text/x-" + SECRET));
            assertOneWay(
                    await().atMost(SOON).until(() -> collector.trace(0), spans -> spans.size() == WAY.size()), pair);

            // It waits in the store, over the deaths of both, and its trace with it.
            String before = pair.awaitSession("", Pair.BACK_WITHIN);
            pair.bob.kill();
            var taken = pair.alice.admin().post("/v1/messages", Map.of("to", "bob", "text", SECRET));
            assertThat(taken.status()).isEqualTo(202);
            await().atMost(SOON)
                    .until(() -> collector.trace(1).stream()
                            .anyMatch(each -> each.name().equals("outbox")));
            pair.alice.kill();
            pair.bob.startAgain();
            pair.alice.startAgain();
            pair.awaitSession(before, Pair.BACK_WITHIN);
            List<Exported> spans = await().atMost(SOON)
                    .until(
                            () -> collector.trace(1),
                            // The two ends export apart from each other: each when it is its turn.
                            all -> all.stream()
                                    .anyMatch(end -> end.name().equals("inbox")
                                            && all.stream()
                                                    .anyMatch(each -> each.id().equals(end.parent()))));
            assertThat(spans).extracting(Exported::name).containsAll(WAY);
            Exported inbox = named(spans, "inbox");
            Exported session = spans.stream()
                    .filter(each -> each.id().equals(inbox.parent()))
                    .findFirst()
                    .orElseThrow();
            assertThat(session.name()).isEqualTo("session");
            assertThat(session.parent()).isEqualTo(named(spans, "outbox").id());

            assertThat(collector.bodies())
                    .as("what was exported")
                    .isNotEmpty()
                    .allSatisfy(body -> assertThat(body).doesNotContain(SECRET));
        }
    }

    @Test
    void byDefaultNothingIsExportedAndPeersAreToldOfNoTrace() throws Exception {
        try (var collector = new Collector();
                Pair pair = Pair.start(
                        home,
                        Map.of("parley.trace.endpoint", collector.endpoint()),
                        Map.of("parley.trace.enabled", "true"))) {
            pair.alice.send(Map.of("to", "bob", "text", "untraced"));
            pair.bob.send(Map.of("to", "alice", "text", "traced by bob alone"));
            assertThat(pair.bob.process().stop(SOON)).as("exports what waits").isZero();
            assertThat(pair.alice.process().stop(SOON)).isZero();
            assertThat(collector.spans())
                    .extracting(Exported::instance)
                    .containsOnly(collector.spans().getFirst().instance());
            assertThat(collector.trace(0))
                    .as("bob's own span of what alice sent: it has no parent, so he was told of none")
                    .singleElement()
                    .satisfies(span -> assertThat(span.name()).isEqualTo("inbox"));
            assertThat(collector.trace(1))
                    .extracting(Exported::name)
                    .containsExactlyInAnyOrderElementsOf(WAY.subList(0, 3));
        }
    }

    @Tag("long")
    @Test
    void aCollectorThatIsAwayHoldsNothingUp() throws Exception {
        try (Pair pair = Pair.start(
                home,
                Map.of("parley.trace.enabled", "true", "parley.trace.endpoint", "http://127.0.0.1:1/v1/traces"))) {
            for (int i = 0; i < 20; i++) {
                pair.alice.send(Map.of("to", "bob", "text", "message " + i));
            }
            assertThat(pair.alice.process().stop(SOON)).isZero();
        }
    }

    @Tag("long")
    @Test
    void aRequestThatHasATraceOfItsOwnGoesOnInIt() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        try (var collector = new Collector();
                Pair pair = Pair.start(
                        home, Map.of("parley.trace.enabled", "true", "parley.trace.endpoint", collector.endpoint()))) {
            for (String wrong :
                    List.of("", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01", "x".repeat(5_000), "00-1")) {
                assertThat(post(pair, wrong)).as(wrong).isEqualTo(202);
            }
            assertThat(post(pair, "00-" + trace + "-b7ad6b7169203331-01")).isEqualTo(202);
            assertThat(post(pair, "00-" + "1".repeat(32) + "-b7ad6b7169203331-00"))
                    .as("not sampled")
                    .isEqualTo(202);
            List<Exported> spans = await().atMost(SOON)
                    .until(
                            () -> collector.spans().stream()
                                    .filter(each -> each.trace().equals(trace))
                                    .toList(),
                            all -> all.size() == WAY.size());
            assertThat(named(spans, WAY.getFirst()).parent()).isEqualTo("b7ad6b7169203331");
            assertThat(pair.alice.process().stop(SOON)).isZero();
            assertThat(collector.spans())
                    .filteredOn(each -> each.trace().equals("1".repeat(32)))
                    .isEmpty();
            assertThat(collector.spans())
                    .filteredOn(each -> each.name().equals("outbox"))
                    .as("what says nothing of use begins a trace")
                    .hasSize(5);
        }
    }

    /** A message with a header of its own, through the admin socket. @return the status */
    private static int post(Pair pair, String traceparent) throws IOException {
        byte[] body = "{\"to\": \"bob\", \"text\": \"hello\"}".getBytes(StandardCharsets.UTF_8);
        try (var socket = SocketChannel.open(
                UnixDomainSocketAddress.of(pair.alice.process().socket()))) {
            String head = "POST /v1/messages HTTP/1.1\r\nHost: parley\r\nConnection: close\r\ntraceparent: "
                    + traceparent + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
            socket.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            socket.write(ByteBuffer.wrap(body));
            var answer = new String(Channels.newInputStream(socket).readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }

    private static void assertOneWay(List<Exported> spans, Pair pair) throws IOException {
        assertThat(spans).extracting(Exported::name).containsExactlyInAnyOrderElementsOf(WAY);
        assertThat(named(spans, WAY.getFirst()).parent()).as("the root").isEmpty();
        for (int i = 1; i < WAY.size(); i++) {
            assertThat(named(spans, WAY.get(i)).parent())
                    .as(WAY.get(i))
                    .isEqualTo(named(spans, WAY.get(i - 1)).id());
        }
        for (String ofAlice : WAY.subList(0, 3)) {
            assertThat(named(spans, ofAlice).instance()).isEqualTo(pair.alice.peerId());
        }
        assertThat(named(spans, "inbox").instance()).isEqualTo(pair.bob.peerId());
        assertThat(named(spans, "inbox").attributes())
                .containsEntry("parley.peer.id", pair.alice.peerId())
                .containsEntry("parley.outcome", "STORED");
        assertThat(named(spans, "session").attributes())
                .containsEntry("parley.peer.id", pair.bob.peerId())
                .containsEntry("parley.outcome", "STORED");
    }

    private static Exported named(List<Exported> spans, String name) {
        return spans.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
