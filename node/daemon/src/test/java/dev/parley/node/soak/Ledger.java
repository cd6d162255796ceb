package dev.parley.node.soak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.node.testing.AdminClient;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was handed to nodes and what they said to that; afterwards their own records are held against it. What a node has
 * answered for is there, at both sides, once, whole, and in the order it was taken. What a node died over without an answer
 * may be there or not, but not twice, and at both sides or at neither. Thread-safe.
 */
final class Ledger {

    private static final int PAGE = 50;
    private static final int SHOWN = 20;

    private enum Answer {
        TAKEN,
        REFUSED,
        NONE
    }

    /** @param content media type and hash of the body, @param id of the message where it was taken */
    private record Handed(String from, Set<String> to, String content, String id, Answer answer) {}

    /** One line of a node's history. @param state null of what came in */
    private record Line(String id, String content, String state) {}

    /** @param handed messages given to nodes, @param deliveries of those that were taken, to one peer each */
    record Summary(int handed, int taken, int refused, int unanswered, int deliveries, long bytes) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d messages handed over (%,d taken, %,d refused, %,d without an answer); %,d deliveries with %,d bytes,"
                            + " each once and whole at both sides",
                    handed,
                    taken,
                    refused,
                    unanswered,
                    deliveries,
                    bytes);
        }
    }

    private final List<Handed> handed = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * Hands a message to a node.
     *
     * @param to the names of the nodes that are to get it
     * @param address what the request says of that
     * @return whether the node has answered; false when it died over it, or is not there
     */
    boolean send(Node from, Set<String> to, Map<String, ?> address, String mediaType, byte[] body) {
        var request = new HashMap<String, Object>(address);
        request.put("mediaType", mediaType);
        request.put("bodyBase64", Base64.getEncoder().encodeToString(body));
        String content = content(mediaType, body);
        try {
            AdminClient.Reply reply = from.admin().post("/v1/messages", request);
            boolean taken = reply.status() == 200 || reply.status() == 202;
            if (!taken && reply.status() != 503 && reply.status() != 507) {
                problem("%s answered %d to a message: %s", from.name(), reply.status(), reply.body());
            }
            add(new Handed(
                    from.name(),
                    to,
                    content,
                    taken ? reply.body().get("id").asText() : "",
                    taken ? Answer.TAKEN : Answer.REFUSED));
            return true;
        } catch (ConnectException absent) {
            return false;
        } catch (IOException died) {
            add(new Handed(from.name(), to, content, "", Answer.NONE));
            return false;
        }
    }

    synchronized int size() {
        return handed.size();
    }

    /** Reads the histories of all nodes. @throws AssertionError with what is wrong */
    Summary check(Collection<Node> nodes) throws IOException {
        int deliveries = 0;
        long bytes = 0;
        for (Node sender : nodes) {
            for (Node receiver : nodes) {
                if (sender != receiver) {
                    List<Line> out = history(sender, receiver, "OUT");
                    List<Line> in = history(receiver, sender, "IN");
                    String way = sender.name() + " to " + receiver.name();
                    compareWithHanded(way, sender.name(), receiver.name(), out);
                    compareBothSides(way, out, in);
                    deliveries += in.size();
                    bytes += in.stream().mapToLong(Ledger::bytes).sum();
                }
            }
        }
        synchronized (this) {
            if (!problems.isEmpty()) {
                throw new AssertionError(problems.size() + " problems:\n"
                        + String.join("\n", problems.subList(0, Math.min(SHOWN, problems.size()))));
            }
            return new Summary(
                    handed.size(), count(Answer.TAKEN), count(Answer.REFUSED), count(Answer.NONE), deliveries, bytes);
        }
    }

    synchronized void problem(String text, Object... values) {
        problems.add(String.format(Locale.ROOT, text, values));
    }

    private synchronized void add(Handed message) {
        handed.add(message);
    }

    private int count(Answer answer) {
        return (int) handed.stream().filter(each -> each.answer == answer).count();
    }

    private synchronized void compareWithHanded(String way, String from, String to, List<Line> out) {
        Map<String, String> kept = new HashMap<>();
        Map<String, Integer> copies = new HashMap<>();
        for (Line line : out) {
            if (kept.put(line.id, line.content) != null) {
                problem("%s: the sender lists %s twice", way, line.id);
            }
            copies.merge(line.content, 1, Integer::sum);
        }
        Map<String, int[]> bounds = new TreeMap<>();
        for (Handed each : handed) {
            if (!each.from.equals(from) || !each.to.contains(to)) {
                continue;
            }
            int[] between = bounds.computeIfAbsent(each.content, content -> new int[2]);
            between[0] += each.answer == Answer.TAKEN ? 1 : 0;
            between[1] += each.answer == Answer.REFUSED ? 0 : 1;
            if (each.answer == Answer.TAKEN && !each.content.equals(kept.get(each.id))) {
                problem("%s: %s was taken and the sender has lost it, or its content", way, each.id);
            }
        }
        copies.keySet().forEach(content -> bounds.computeIfAbsent(content, nobody -> new int[2]));
        bounds.forEach((content, between) -> {
            int there = copies.getOrDefault(content, 0);
            if (there < between[0] || there > between[1]) {
                problem("%s: %d times %s, not %d to %d", way, there, content, between[0], between[1]);
            }
        });
    }

    private void compareBothSides(String way, List<Line> out, List<Line> in) {
        Map<String, String> arrived = new HashMap<>();
        String last = "";
        for (Line line : in) {
            if (arrived.put(line.id, line.content) != null) {
                problem("%s: %s was delivered twice", way, line.id);
            }
            // The text of a UUIDv7 sorts as its time and counter do.
            if (line.id.compareTo(last) < 0) {
                problem("%s: %s came after %s", way, line.id, last);
            }
            last = line.id;
        }
        var sent = new HashSet<String>();
        for (Line line : out) {
            sent.add(line.id);
            if (!"DELIVERED".equals(line.state)) {
                problem("%s: %s is %s", way, line.id, line.state);
            }
            if (!line.content.equals(arrived.get(line.id))) {
                problem(
                        "%s: %s was lost or changed: sent %s, arrived %s",
                        way, line.id, line.content, arrived.get(line.id));
            }
        }
        arrived.keySet().stream()
                .filter(id -> !sent.contains(id))
                .forEach(id -> problem("%s: the sender knows nothing of %s", way, id));
    }

    private static List<Line> history(Node of, Node with, String direction) throws IOException {
        List<Line> lines = new ArrayList<>();
        long after = 0;
        while (true) {
            JsonNode entries = Node.expect(
                            200,
                            of.admin().get("/v1/history?peer=" + with.name() + "&limit=" + PAGE + "&after=" + after))
                    .get("entries");
            for (JsonNode entry : entries) {
                if (entry.get("cursor").asLong() <= after) {
                    throw new AssertionError("the history goes back to " + entry);
                }
                after = entry.get("cursor").asLong();
                if (entry.get("direction").asText().equals(direction)) {
                    lines.add(line(entry));
                }
            }
            if (entries.isEmpty()) {
                return lines;
            }
        }
    }

    private static Line line(JsonNode entry) {
        byte[] body = entry.has("text")
                ? entry.get("text").asText().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(entry.get("bodyBase64").asText());
        return new Line(
                entry.get("id").asText(),
                content(entry.get("mediaType").asText(), body),
                entry.path("state").asText(null));
    }

    private static String content(String mediaType, byte[] body) {
        try {
            return mediaType + " " + body.length + " "
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long bytes(Line line) {
        String[] parts = line.content.split(" ");
        return Long.parseLong(parts[parts.length - 2]);
    }
}
