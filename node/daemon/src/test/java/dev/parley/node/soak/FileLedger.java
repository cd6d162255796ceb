package dev.parley.node.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The files that were handed to nodes and what they said to that; afterwards their own records, and what came, are held against
 * it. A file that a node has taken is complete at both sides, once and whole. One that a node died over without an answer may be
 * sent or not, but not to one side alone. Thread-safe.
 */
final class FileLedger {
    private static final int SHOWN = 20;
    private static final Set<String> FINAL = Set.of("COMPLETE", "DECLINED", "CANCELLED", "FAILED");
    private static final double MEGA = 1e6;

    private enum Answer {
        TAKEN,
        REFUSED,
        NONE
    }

    /** @param name like no other's, @param id of the transfer where it was taken */
    private record Handed(String from, String to, String name, int size, String sha256, String id, Answer answer) {}

    /** One record of a node. @param with the other node */
    private record Line(String id, String with, String name, long size, String sha256, String state) {}

    /** @param handed files given to nodes, @param arrived those of them that are at their receiver */
    record Summary(int handed, int taken, int refused, int unanswered, int arrived, long bytes) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d files handed over (%,d taken, %,d refused, %,d without an answer); %,d arrived with %.1f MB, each once"
                            + " and whole",
                    handed,
                    taken,
                    refused,
                    unanswered,
                    arrived,
                    bytes / MEGA);
        }
    }

    private final AtomicInteger names = new AtomicInteger();
    private final List<Handed> handed = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /** Hands a file to a node. */
    void send(Node from, Node to, byte[] content) {
        String name = names.incrementAndGet() + ".bin";
        String path = "/v1/files?peer=" + to.name() + "&name=" + name;
        String sha256 = HexFormat.of().formatHex(sha256().digest(content));
        try {
            AdminClient.Reply reply = from.admin().upload(path, content);
            boolean taken = reply.status() == 201;
            if (!taken && reply.status() != 503 && reply.status() != 507) {
                problem("%s answered %d to a file: %s", from.name(), reply.status(), reply.body());
            }
            String id = taken ? reply.body().get("id").asText() : "";
            Answer answer = taken ? Answer.TAKEN : Answer.REFUSED;
            add(new Handed(from.name(), to.name(), name, content.length, sha256, id, answer));
        } catch (ConnectException absent) {
            // It knows nothing of it.
        } catch (IOException died) {
            add(new Handed(from.name(), to.name(), name, content.length, sha256, "", Answer.NONE));
        }
    }

    /** Nothing is on its way at a node, and its spool holds what came and nothing else. */
    static void assertSettled(Node node) throws IOException {
        int came = 0;
        for (JsonNode file : node.files()) {
            String state = file.get("state").asText();
            assertThat(FINAL).as("%s at %s", file, node.name()).contains(state);
            came += isIncoming(file) && state.equals("COMPLETE") ? 1 : 0;
        }
        assertThat(node.spooled())
                .as("contents in the spool of %s", node.name())
                .isEqualTo(came);
    }

    /** Reads the records of all nodes, and all contents. @throws AssertionError with what is wrong */
    Summary check(Collection<Node> nodes) throws IOException {
        Map<String, Map<String, Line>> out = new HashMap<>();
        Map<String, Map<String, Line>> in = new HashMap<>();
        for (Node each : nodes) {
            out.put(each.name(), lines(each, false));
            in.put(each.name(), lines(each, true));
        }
        compareWithHanded(out);
        compareBothSides(out, in);
        long bytes = 0;
        for (Node each : nodes) {
            for (Line line : in.get(each.name()).values()) {
                compareContent(each, line);
                bytes += line.size;
            }
        }
        int arrived = in.values().stream().mapToInt(Map::size).sum();
        synchronized (this) {
            if (!problems.isEmpty()) {
                throw new AssertionError(problems.size() + " problems with files:\n"
                        + String.join("\n", problems.subList(0, Math.min(SHOWN, problems.size()))));
            }
            return new Summary(
                    handed.size(), count(Answer.TAKEN), count(Answer.REFUSED), count(Answer.NONE), arrived, bytes);
        }
    }

    private synchronized void compareWithHanded(Map<String, Map<String, Line>> out) {
        Map<String, Handed> byName = handed.stream().collect(Collectors.toMap(Handed::name, each -> each));
        for (Handed each : handed) {
            if (each.answer == Answer.TAKEN && !out.get(each.from).containsKey(each.id)) {
                problem("%s has taken %s and lost it", each.from, each);
            }
        }
        out.forEach((from, lines) -> lines.values().forEach(line -> {
            Handed known = byName.remove(line.name);
            if (known == null || known.answer == Answer.REFUSED) {
                problem("%s sent what nobody, or somebody else, gave it to send, or sent it twice: %s", from, line);
            } else if (!known.from.equals(from)
                    || !known.to.equals(line.with)
                    || known.size != line.size
                    || !known.sha256.equals(line.sha256)
                    || known.answer == Answer.TAKEN && !known.id.equals(line.id)) {
                problem("%s made %s of %s", from, line, known);
            }
        }));
    }

    private void compareBothSides(Map<String, Map<String, Line>> out, Map<String, Map<String, Line>> in) {
        out.forEach((from, lines) -> lines.values().forEach(sent -> {
            Line came = in.get(sent.with).get(sent.id);
            if (!sent.state.equals("COMPLETE")) {
                problem("%s to %s: %s", from, sent.with, sent);
            }
            if (came == null) {
                problem("%s to %s: %s was lost", from, sent.with, sent);
            } else if (!came.equals(new Line(sent.id, from, sent.name, sent.size, sent.sha256, "COMPLETE"))) {
                problem("%s to %s: %s arrived as %s", from, sent.with, sent, came);
            }
        }));
        in.forEach((to, lines) -> lines.values().forEach(came -> {
            if (!out.get(came.with).containsKey(came.id)) {
                problem("%s to %s: the sender knows nothing of %s", came.with, to, came);
            }
        }));
    }

    private void compareContent(Node at, Line line) throws IOException {
        if (!line.state.equals("COMPLETE")) {
            return;
        }
        MessageDigest digest = sha256();
        String said = at.download(line.id, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        String is = HexFormat.of().formatHex(digest.digest());
        if (!is.equals(line.sha256) || !is.equals(said)) {
            problem("%s has %s, says of its content that its hash is %s, and gives out %s", at.name(), line, said, is);
        }
    }

    private Map<String, Line> lines(Node of, boolean incoming) throws IOException {
        Map<String, Line> lines = new HashMap<>();
        for (JsonNode file : of.files()) {
            if (isIncoming(file) == incoming) {
                var line = new Line(
                        file.get("id").asText(),
                        file.get("alias").asText(),
                        file.get("name").asText(),
                        file.get("size").asLong(),
                        file.get("sha256").asText(),
                        file.get("state").asText());
                if (lines.put(line.id, line) != null) {
                    problem("%s lists %s twice", of.name(), line);
                }
            }
        }
        return lines;
    }

    private static boolean isIncoming(JsonNode file) {
        return file.get("direction").asText().equals("IN");
    }

    private synchronized void add(Handed file) {
        handed.add(file);
    }

    private synchronized void problem(String text, Object... values) {
        problems.add(String.format(Locale.ROOT, text, values));
    }

    private int count(Answer answer) {
        return (int) handed.stream().filter(each -> each.answer == answer).count();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
