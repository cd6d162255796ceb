package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever two nodes leave behind on disk and on their terminals, what they wrote to each other is not in it, nor is a key. */
@Timeout(300)
class SecrecyIT {
    private static final int MARKER_BYTES = 24;
    private static final int LARGE = 300_000;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path home;

    private final Traces traces = new Traces();
    private final Set<String> arrived = ConcurrentHashMap.newKeySet();
    private int sent;

    @Test
    void noPlaintextAndNoPrivateKeyIsLeftAnywhere() throws Exception {
        talkAndSearch("A256GCM");
    }

    @Test
    @Tag("long")
    void norInTheOtherSuite() throws Exception {
        talkAndSearch("A256CBC-HS512");
    }

    private void talkAndSearch(String suite) throws Exception {
        // The node's own code has nothing to hide even where it says more than usual.
        var settings = Map.of(
                "parley.suites",
                suite,
                "quarkus.log.category.\"dev.parley\".level",
                "DEBUG",
                "parley.ratchet.records",
                "8");
        try (Pair pair = Pair.start(home, settings)) {
            pair.alice.admin().follow(this::collect);
            pair.bob.admin().follow(this::collect);
            for (int i = 0; i < 3; i++) {
                talk(pair.alice, Map.of("to", "bob"));
                talk(pair.bob, Map.of("to", "alice"));
                talk(pair.alice, Map.of("broadcast", true));
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(arrived).as("messages that arrived").hasSize(sent));
            searchWhileRunning(pair);
            assertThat(pair.alice.process().stop(Duration.ofSeconds(10))).isZero();
            pair.bob.kill();
        }
        search();
    }

    /** A text and some bytes, short and long, each with something in it that is nowhere else in the world. */
    private void talk(Pair.Member from, Map<String, ?> to) throws IOException {
        var text = HexFormat.of().formatHex(random(MARKER_BYTES));
        traces.add("the text of message " + sent++, text.getBytes(StandardCharsets.US_ASCII));
        from.send(with(to, "text", "grüß dich, " + text + "!"));

        byte[] bytes = random(MARKER_BYTES);
        traces.add("the bytes of message " + sent++, bytes);
        from.send(with(to, "bodyBase64", Base64.getEncoder().encodeToString(bytes)));

        byte[] large = new byte[LARGE];
        System.arraycopy(random(MARKER_BYTES), 0, large, LARGE / 2, MARKER_BYTES);
        traces.add("the middle of message " + sent++, Arrays.copyOfRange(large, LARGE / 2, LARGE / 2 + MARKER_BYTES));
        from.send(with(to, "bodyBase64", Base64.getEncoder().encodeToString(large)));
    }

    private void searchWhileRunning(Pair pair) throws Exception {
        addPrivateKey(pair.alice.home);
        addPrivateKey(pair.bob.home);
        search();
    }

    private void search() throws IOException {
        assertThat(Traces.files(home))
                .extracting(file -> home.relativize(file).toString())
                .contains("alice/data/net.log", "bob/data/net.log", "alice/err.txt", "bob/err.txt", "bob/out.txt");
        assertThat(traces.in(home, SecrecyIT::mayHoldTheKey)).isEmpty();
        assertThat(traces.in(home, file -> !mayHoldTheKey(file)))
                .as("where the keys are, the search sees them")
                .anyMatch(found -> found.contains("alice's private exponent"))
                .anyMatch(found -> found.contains("bob's private exponent"))
                .noneMatch(found -> found.contains("message"));
        assertTheSearchSeesWhatTheNodesWrote();
    }

    private static boolean mayHoldTheKey(Path file) {
        return file.getFileName().toString().equals("identity.pem");
    }

    /** The ciphertext of each message is in both logs, so the search would see its plaintext there. */
    private void assertTheSearchSeesWhatTheNodesWrote() throws IOException {
        var ciphertexts = new Traces();
        int found = 0;
        for (String line : Files.readAllLines(home.resolve("alice/data/net.log"))) {
            JsonNode event = JSON.readTree(line);
            if (event.get("event").asText().equals("MESSAGE_SENT")) {
                ciphertexts.add("frame " + found++, event.get("ciphertext").binaryValue());
            }
        }
        assertThat(found).as("messages of alice").isEqualTo(sent * 2 / 3);
        var ofBob = ciphertexts.in(home.resolve("bob"), file -> false);
        for (int i = 0; i < found; i++) {
            assertThat(ofBob).contains("data/net.log: frame " + i + " in base64, 0");
        }
    }

    /** Pieces of each secret number of the key, so that neither the format nor a line break hides it. */
    private void addPrivateKey(Path node) throws Exception {
        var pem = Files.readString(node.resolve("data/identity.pem"));
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        var key = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        var owner = node.getFileName();
        addNumber(owner + "'s private exponent", key.getPrivateExponent());
        addNumber(owner + "'s prime p", key.getPrimeP());
        addNumber(owner + "'s prime q", key.getPrimeQ());
        addNumber(owner + "'s exponent dp", key.getPrimeExponentP());
        addNumber(owner + "'s exponent dq", key.getPrimeExponentQ());
        addNumber(owner + "'s coefficient", key.getCrtCoefficient());
    }

    private void addNumber(String name, BigInteger number) {
        byte[] bytes = number.toByteArray();
        for (int at = 1; at + MARKER_BYTES <= bytes.length; at += MARKER_BYTES) {
            traces.add(name + " from byte " + at, Arrays.copyOfRange(bytes, at, at + MARKER_BYTES));
        }
    }

    /** @return false: there may be more */
    private boolean collect(JsonNode event) {
        if (event.path("type").asText().equals("message-received")) {
            arrived.add(event.get("id").asText());
        }
        return false;
    }

    private static Map<String, Object> with(Map<String, ?> to, String key, String value) {
        var message = new java.util.HashMap<String, Object>(to);
        message.put(key, value);
        return message;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
