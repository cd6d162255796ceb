package dev.parley.node.interop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built node and a peer that knows nothing of it but the protocol's text. */
class InteropIT {
    private static final Duration WITHIN = Duration.ofMinutes(4);

    @TempDir
    Path home;

    @BeforeAll
    static void prepare() throws Exception {
        IndependentPeer.prepare();
    }

    @Test
    void eachDialsTheOtherInBothSuitesWithMessagesRatchetsAndCloseFromBothSides() throws Exception {
        // The smallest number of records per key that still lets messages through between two ratchets.
        try (BuiltNode node = BuiltNode.start(home, settings("parley.ratchet.records", "8"))) {
            IndependentPeer.runsWell(WITHIN, "interop.mjs", node.socket(), "--node-ratchets");
            node.wroteNothingThatLooksLikeAFault();
        }
    }

    @Test
    @Tag("long")
    void answersWhatIsUnusualAndWhatIsForbiddenAsTheTextSays() throws Exception {
        try (BuiltNode node = BuiltNode.start(home, settings("parley.trust.mode", "first-use"))) {
            IndependentPeer.runsWell(WITHIN, "conformance.mjs", "--admin", node.socket());
            node.wroteNothingThatLooksLikeAFault();
        }
    }

    private static Map<String, String> settings(String key, String value) {
        return Map.of(
                "parley.listen.host",
                "127.0.0.1",
                "parley.listen.port",
                "0",
                "parley.identity.bits",
                "2048",
                "quarkus.management.port",
                "0",
                // What is forbidden is tried often, all from one address.
                "parley.penalty.threshold",
                "1000000",
                key,
                value);
    }
}
