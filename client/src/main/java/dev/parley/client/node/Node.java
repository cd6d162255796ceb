package dev.parley.client.node;

import dev.parley.admin.AdminApi;
import dev.parley.admin.NodeEvent;
import dev.parley.admin.Problem;
import dev.parley.client.http.Reply;
import dev.parley.client.http.Request;
import dev.parley.client.http.Transport;
import dev.parley.client.http.TransportException;
import dev.parley.client.http.UnixTransport;
import dev.parley.client.http.Upload;
import dev.parley.client.json.Json;
import dev.parley.client.json.JsonException;
import dev.parley.client.json.Records;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Calls to one node. Each throws {@link ProblemException} when the node refuses, {@link TransportException} when it
 * cannot be reached, {@link BadReplyException} when its answer makes no sense.
 */
public final class Node {
    /** For requests that the node answers at once. */
    public static final Duration SHORT = Duration.ofSeconds(10);

    /** For a dial: TCP, the handshake's own 10 s, and some air. */
    public static final Duration DIAL = Duration.ofSeconds(45);

    /** A stream that is silent for longer than three heartbeats is dead. */
    private static final Duration SILENCE = Duration.ofSeconds(3L * AdminApi.HEARTBEAT_SECONDS);

    /** For files and backups: the node writes to a disk, hashes, checks; only then it takes more, or answers. */
    private static final Duration STREAM = Duration.ofMinutes(5);

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Transport transport;

    public Node(Transport transport) {
        this.transport = transport;
    }

    /** The node whose admin socket is at {@code socket}. */
    public static Node at(Path socket) {
        return new Node(new UnixTransport(socket, Map.of(AdminApi.VERSION_HEADER, Integer.toString(AdminApi.VERSION))));
    }

    /** @param path below {@link AdminApi#BASE}, percent-encoded */
    public <T> Answer<T> get(Class<T> type, String path) throws IOException {
        return one(type, call(new Request("GET", AdminApi.BASE + path, null), SHORT));
    }

    public <T> Answer<List<T>> list(Class<T> type, String path) throws IOException {
        String json = call(new Request("GET", AdminApi.BASE + path, null), SHORT);
        try {
            return new Answer<>(Records.readList(type, Json.parse(json)), json);
        } catch (JsonException e) {
            throw badReply(e);
        }
    }

    /** @param body a record, or null for no body */
    public <T> Answer<T> post(Class<T> type, String path, Record body, Duration timeout) throws IOException {
        return one(type, call(new Request("POST", AdminApi.BASE + path, body(body)), timeout));
    }

    public <T> Answer<T> put(Class<T> type, String path, Record body) throws IOException {
        return one(type, call(new Request("PUT", AdminApi.BASE + path, body(body)), SHORT));
    }

    public void delete(String path) throws IOException {
        call(new Request("DELETE", AdminApi.BASE + path, null), SHORT);
    }

    /** @return null as the value when the node had nothing to say */
    public <T> Answer<T> delete(Class<T> type, String path) throws IOException {
        String json = call(new Request("DELETE", AdminApi.BASE + path, null), SHORT);
        return json.isBlank() ? new Answer<>(null, "") : one(type, json);
    }

    /**
     * Any request.
     *
     * @param body plain values of {@link Json}, or null for no body
     * @return the answer as plain values; null where it has none
     */
    public Object plain(String method, String path, Object body, Duration timeout) throws IOException {
        String json = call(new Request(method, AdminApi.BASE + path, body == null ? null : Json.write(body)), timeout);
        try {
            return json.isBlank() ? null : Json.parse(json);
        } catch (JsonException e) {
            throw badReply(e);
        }
    }

    /** Sends a body of any length. */
    public <T> Answer<T> upload(Class<T> type, String path, Upload body) throws IOException {
        Reply reply = transport.upload(new Request("POST", AdminApi.BASE + path, null), body, STREAM);
        if (!reply.isSuccess()) {
            throw refusal(reply);
        }
        checkVersion(reply);
        return one(type, reply.body());
    }

    /**
     * Writes what the node answers to {@code to}.
     *
     * @return the headers, by name in lower case, when all of it is written
     */
    public Map<String, String> download(String path, OutputStream to) throws IOException {
        try {
            Reply reply = transport.download(Request.get(AdminApi.BASE + path), to, STREAM);
            checkVersion(reply);
            return reply.headers();
        } catch (Transport.RefusedException e) {
            throw refusal(e.reply());
        }
    }

    /** @param types names of event types as {@code GET /v1/events} takes them; empty for all */
    public EventStream events(List<String> types) throws IOException {
        String query = types.isEmpty() ? "" : "?types=" + Request.encode(String.join(",", types));
        return new EventStream(open(AdminApi.BASE + "/events" + query, SILENCE));
    }

    /** Lines of net.log as they are: the last {@code lines}, then the new ones if {@code follow}. */
    public Transport.Lines audit(int lines, boolean follow) throws IOException {
        return open(AdminApi.BASE + "/audit?lines=" + lines + "&follow=" + follow, follow ? FOR_EVER : SHORT);
    }

    /** What the node answers as it is: JSON that is none of the contract's records. */
    public String text(String method, String path, Duration timeout) throws IOException {
        return call(new Request(method, AdminApi.BASE + path, null), timeout);
    }

    /** Lines of net.log and its rotated files that fit, as they are, the oldest first. @param query of {@code GET /v1/audit/search} */
    public Transport.Lines searchAudit(String query) throws IOException {
        return open(AdminApi.BASE + "/audit/search" + query, STREAM);
    }

    private Transport.Lines open(String target, Duration silence) throws IOException {
        try {
            return transport.open(Request.get(target), silence);
        } catch (Transport.RefusedException e) {
            throw refusal(e.reply());
        }
    }

    private String call(Request request, Duration timeout) throws IOException {
        Reply reply = transport.exchange(request, timeout);
        if (!reply.isSuccess()) {
            throw refusal(reply);
        }
        checkVersion(reply);
        return reply.body();
    }

    private static <T> Answer<T> one(Class<T> type, String json) throws BadReplyException {
        try {
            return new Answer<>(type == Void.class ? null : Records.read(type, Json.parse(json)), json);
        } catch (JsonException e) {
            throw badReply(e);
        }
    }

    private static String body(Record body) {
        return body == null ? null : Json.write(body);
    }

    private static void checkVersion(Reply reply) throws BadReplyException {
        String theirs = reply.headers().get(AdminApi.VERSION_HEADER.toLowerCase(java.util.Locale.ROOT));
        if (theirs == null) {
            throw new BadReplyException("what answers on the socket is not a Parley node");
        }
        if (!theirs.equals(Integer.toString(AdminApi.VERSION))) {
            throw new BadReplyException("the node speaks version " + digits(theirs)
                    + " of the admin API and this client version " + AdminApi.VERSION
                    + ": use the client that came with the node");
        }
    }

    private static String digits(String text) {
        return text.matches("[0-9]{1,9}") ? text : "(unreadable)";
    }

    private static IOException refusal(Reply reply) {
        String type = reply.headers().getOrDefault("content-type", "");
        if (type.startsWith(AdminApi.PROBLEM_JSON)) {
            try {
                Problem problem = Records.read(Problem.class, Json.parse(reply.body()));
                if (problem.code() != null && problem.title() != null) {
                    return new ProblemException(problem);
                }
            } catch (JsonException e) {
                return badReply(e);
            }
        }
        return new BadReplyException("the node refused with HTTP status " + reply.status() + " and no reason");
    }

    static BadReplyException badReply(JsonException e) {
        return new BadReplyException("the node's answer makes no sense: " + e.getMessage());
    }

    /** Events as they come. */
    public static final class EventStream implements AutoCloseable {
        private final Transport.Lines lines;

        EventStream(Transport.Lines lines) {
            this.lines = lines;
        }

        /** The next event that this client knows, or null when the node has ended the stream. */
        public Answer<NodeEvent> next() throws IOException {
            for (String line = lines.next(); line != null; line = lines.next()) {
                try {
                    NodeEvent event = Events.read(Json.parse(line));
                    if (event != null) {
                        return new Answer<>(event, line);
                    }
                } catch (JsonException e) {
                    throw badReply(e);
                }
            }
            return null;
        }

        @Override
        public void close() {
            lines.close();
        }
    }
}
