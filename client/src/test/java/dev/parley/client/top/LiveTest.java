package dev.parley.client.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.admin.NodeStats;
import dev.parley.client.FakeTransport;
import dev.parley.client.Samples;
import dev.parley.client.node.Node;
import dev.parley.client.text.Style;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The live view on a screen that remembers what was drawn. */
@Timeout(60)
class LiveTest {
    private static final int ENOUGH = 9;

    private final FakeTransport transport = new FakeTransport();
    private final Remembered screen = new Remembered();

    /** Notes every picture that differs from the one before, as a terminal would. */
    private static final class Remembered implements Screen {
        final List<List<String>> drawn = new ArrayList<>();
        final List<Choice.Key> keys = new ArrayList<>();

        @Override
        public void measure() {}

        @Override
        public int columns() {
            return 120;
        }

        @Override
        public int rows() {
            return 24;
        }

        @Override
        public void draw(List<String> lines) {
            if (drawn.isEmpty() || !drawn.getLast().equals(lines)) {
                drawn.add(List.copyOf(lines));
            }
        }

        @Override
        public Choice.Key key(long millis) throws IOException {
            try {
                TimeUnit.MILLISECONDS.sleep(millis);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return keys.isEmpty() ? null : keys.removeFirst();
        }
    }

    private static String stats(int n) {
        return Samples.json("{'at':'2026-01-01T12:00:0" + n + "Z','peerId':'" + Samples.EVE
                + "','name':'alice','startedAt':'2026-01-01T11:00:00Z','ready':true,'auditWritable':true,'auditLines':"
                + n
                + ",'heapBytes':1,'total':{'messagesSent':0,'messagesReceived':0,'bytesSent':0,'bytesReceived':0},"
                + "'outbox':{'messages':0,'bytes':0},'unread':0,'pending':0,'heldBack':0,'handshakes':0,'refused':{},"
                + "'freeBytes':1,'sessions':[],'transfers':[],'transfersTotal':0}");
    }

    private List<String> run(Integer count) throws IOException {
        for (int n = 1; n <= ENOUGH; n++) {
            transport.on("GET /v1/stats", 200, stats(n));
        }
        Node node = new Node(transport);
        NodeStats first = node.get(NodeStats.class, "/stats").value();
        return new Live(node, screen, new Style(false), Duration.ofMillis(200), count, first).run(Choice.START);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void asManySnapshotsAreDrawnAsAreWanted(int count) throws IOException {
        List<String> last = run(count);
        assertThat(screen.drawn).hasSize(count);
        for (int n = 1; n <= count; n++) {
            assertThat(String.join("\n", screen.drawn.get(n - 1))).contains("log " + n + " lines");
        }
        assertThat(last).isEqualTo(screen.drawn.getLast());
    }

    @Test
    void whoWantsOutGetsOutAndNothingIsLeftBehind() throws IOException {
        screen.keys.add(Choice.Key.QUIT);
        assertThat(run(4)).isEmpty();
        assertThat(screen.drawn).hasSize(1);
    }
}
