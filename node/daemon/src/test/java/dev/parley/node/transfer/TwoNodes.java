package dev.parley.node.transfer;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminCalls;
import dev.parley.node.testing.NodeProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;

/** Alice, who keeps a connection to Bob and knows him by that name, and Bob, who takes her files unasked; whole processes. */
final class TwoNodes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    final Path home;
    private final Map<String, String> settings;
    private NodeProcess alice;
    private NodeProcess bob;
    private String bobsPort = "0";

    /** @param settings of both */
    TwoNodes(Path home, Map<String, String> settings) throws IOException {
        this.home = home;
        this.settings = settings;
        Files.createDirectories(home.resolve("alice"));
        Files.createDirectories(home.resolve("bob"));
    }

    AdminCalls alice() {
        return new AdminCalls(alice.socket());
    }

    AdminCalls bob() {
        return new AdminCalls(bob.socket());
    }

    NodeProcess bobsProcess() {
        return bob;
    }

    void startAlice() throws IOException {
        alice = NodeProcess.start(home.resolve("alice"), with(Map.of()));
    }

    /** SIGTERM, and ends with 0. */
    void stopAlice() throws InterruptedException {
        int code = alice.stop(Duration.ofSeconds(15));
        if (code != 0) {
            throw new AssertionError("alice ends with " + code + ": " + alice.errors());
        }
    }

    void killAlice() throws InterruptedException {
        alice.kill();
    }

    /** At the port that he had before. */
    void startBob(Map<String, String> more) throws IOException {
        var own = new HashMap<>(more);
        own.put("parley.files.accept", "trusted");
        own.put("parley.listen.port", bobsPort);
        bob = NodeProcess.start(home.resolve("bob"), with(own));
        bobsPort = bob.address().replaceAll(".*:", "");
    }

    void killBob() throws InterruptedException {
        bob.kill();
    }

    /** Each knows the other. */
    void introduce() throws IOException {
        String alicesId = alice().get("/v1/identity").get("peerId").asText();
        String bobsId = bob().get("/v1/identity").get("peerId").asText();
        alice().post("/v1/peers", "{\"peerId\": \"" + bobsId + "\", \"alias\": \"bob\"}");
        bob().post("/v1/peers", "{\"peerId\": \"" + alicesId + "\", \"alias\": \"alice\"}");
    }

    void connect() throws IOException {
        alice().post("/v1/connections", "{\"host\": \"127.0.0.1\", \"port\": " + bobsPort + "}");
    }

    /** Hands Alice a file for Bob. @return its id */
    String send(String name, long length, long seed) throws IOException {
        return alice().upload("/v1/files?peer=bob&name=" + name, length, content(length, seed))
                .get("id")
                .asText();
    }

    JsonNode awaitState(AdminCalls at, String id, String state) {
        return await().pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> at.get("/v1/files/" + id), found -> {
                    String now = found.get("state").asText();
                    if (!now.equals(state) && TransferState.valueOf(now).isFinal()) {
                        throw new AssertionError(found.toString());
                    }
                    return now.equals(state);
                });
    }

    void awaitTransferred(AdminCalls at, String id, long bytes) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> at.get("/v1/files/" + id).get("transferred").asLong() >= bytes);
    }

    /** Of the file that Bob has, as he gives it out. */
    String sha256AtBob(String id) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            var answer = bob().download("/v1/files/" + id + "/content", out);
            String hash = HexFormat.of().formatHex(digest.digest());
            if (answer.status() != 200 || !hash.equals(answer.headers().get("Parley-Sha256"))) {
                throw new AssertionError(answer + " with a content of hash " + hash);
            }
            return hash;
        }
    }

    static String sha256(long length, long seed) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            content(length, seed).transferTo(out);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The same for the same seed; cheap to make, and no two MiB of it are alike. */
    static InputStream content(long length, long seed) {
        byte[] block = new byte[1 << 20];
        new Random(seed).nextBytes(block);
        return new InputStream() {
            private long left = length;

            @Override
            public int read() {
                throw new UnsupportedOperationException("read blocks");
            }

            @Override
            public int read(byte[] buffer, int offset, int most) {
                if (left == 0) {
                    return -1;
                }
                int in = (int) ((length - left) % block.length);
                int count = (int) Math.min(Math.min(most, left), block.length - in);
                System.arraycopy(block, in, buffer, offset, count);
                if (in == 0) {
                    // Whoever reads, and in whatever pieces: the first byte of each block says which it is.
                    buffer[offset] = (byte) ((length - left) / block.length);
                }
                left -= count;
                return count;
            }
        };
    }

    private Map<String, String> with(Map<String, String> own) {
        var all = new HashMap<>(Map.of(
                "parley.identity.bits", "2048",
                "parley.reconnect.min", "50ms",
                "parley.reconnect.max", "200ms"));
        all.putAll(settings);
        all.putAll(own);
        return all;
    }

    @Override
    public void close() {
        if (alice != null) {
            alice.close();
        }
        if (bob != null) {
            bob.close();
        }
    }
}
