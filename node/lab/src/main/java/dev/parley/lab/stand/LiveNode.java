package dev.parley.lab.stand;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A node that runs as a process of its own. */
public interface LiveNode {
    /** How often net.log is looked at. */
    Duration POLL = Duration.ofMillis(20);

    /** What the stand calls it, and its peers know it as: "alice". */
    String name();

    /** 52 characters of base32. */
    String peerId();

    /** SubjectPublicKeyInfo, DER: what every stranger can learn. */
    byte[] publicKey();

    /** Where it listens. */
    InetSocketAddress address();

    /** Its data directory: for attacks that have it. */
    Path dataDirectory();

    /** Its admin socket. */
    Path adminSocket();

    /**
     * Asks the node something over its admin socket, as its operator.
     *
     * @param path with query, below the API's base: {@code /peers}
     * @param body plain values to be written as JSON, or null
     * @return the answer as plain values: Map, List, String, Long, Double, Boolean; null where it has no body
     * @throws RefusedException if the node says no
     */
    Object call(String method, String path, Object body) throws IOException;

    /** The seq of the last line of net.log; 0 if there is none. */
    long lastLine() throws IOException;

    /** The lines of net.log with a greater seq, in order. */
    List<LogLine> linesAfter(long seq) throws IOException;

    /** The first line after {@code seq} that fits, once it is there. @return empty if it is not there in time */
    default Optional<LogLine> awaitLine(long seq, String event, Predicate<Map<String, Object>> fits, Duration timeout)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<LogLine> found = linesAfter(seq).stream()
                    .filter(each -> each.event().equals(event) && fits.test(each.fields()))
                    .findFirst();
            if (found.isPresent() || System.nanoTime() > deadline) {
                return found;
            }
            Thread.sleep(POLL);
        }
    }

    /** Whether its process runs. */
    boolean isRunning();

    /** SIGKILL. */
    void kill() throws InterruptedException;

    /** SIGTERM, and waits for the end. */
    void stop() throws IOException, InterruptedException;

    /**
     * Starts it again with its data, and waits until it is ready.
     *
     * @param settings environment variables on top of those that it was made with
     */
    void start(Map<String, String> settings) throws IOException, InterruptedException;

    /**
     * A line of net.log.
     *
     * @param text as it is
     * @param fields by name
     */
    record LogLine(long seq, String event, String text, Map<String, Object> fields) {}

    /** The node said no. */
    final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final String code;

        public RefusedException(String code, String message) {
            super(message);
            this.code = code;
        }

        /** The stable code of the problem: {@code peer-not-found}. */
        public String code() {
            return code;
        }
    }
}
