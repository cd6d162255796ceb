package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.testing.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that dies without a word comes back, and so does its session, with nobody's help. */
@Timeout(300)
@Tag("long")
class ReturnIT {

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"A256GCM", "A256CBC-HS512"})
    void aKilledNodeAndItsSessionComeBackWhicheverSideDialed(String suite) throws Exception {
        try (Pair pair = Pair.start(home, Map.of("parley.suites", suite))) {
            String first = pair.awaitSession("", Pair.BACK_WITHIN);
            talk(pair, "before");

            pair.bob.kill();
            pair.bob.startAgain();
            String second = pair.awaitSession(first, Pair.BACK_WITHIN);
            talk(pair, "after the one who is dialed died");

            pair.alice.kill();
            pair.alice.startAgain();
            pair.awaitSession(second, Pair.BACK_WITHIN);
            talk(pair, "after the one who dials died");

            assertThat(pair.alice.process().netLog())
                    .contains("\"suite\":\"" + suite + "\"")
                    .doesNotContain("\"TAMPERING\"", "\"INTERNAL_ERROR\"");
            stop(pair.alice.process());
            stop(pair.bob.process());
        }
    }

    private static void talk(Pair pair, String text) throws IOException {
        pair.alice.send(Map.of("to", "bob", "text", text));
        pair.bob.send(Map.of("to", "alice", "text", text));
    }

    private static void stop(NodeProcess node) throws InterruptedException {
        assertThat(node.stop(Duration.ofSeconds(10))).isZero();
    }
}
