package dev.parley.client;

import dev.parley.admin.AdminApi;
import dev.parley.client.http.Reply;
import dev.parley.client.http.Request;
import dev.parley.client.http.Transport;
import dev.parley.client.http.TransportException;
import dev.parley.client.http.Upload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Canned replies by method and target; remembers what was asked. */
public final class FakeTransport implements Transport {
    private final Map<String, Queue<Object>> replies = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<byte[]> uploaded = new CopyOnWriteArrayList<>();

    /** Answers {@code "GET /v1/status"} with this status and body; several are given one after the other, the last for ever. */
    public FakeTransport on(String methodAndTarget, int status, String body) {
        String type = status < 400 ? "application/json" : AdminApi.PROBLEM_JSON;
        return put(methodAndTarget, new Reply(status, Map.of("parley-api-version", "1", "content-type", type), body));
    }

    public FakeTransport on(String methodAndTarget, Reply reply) {
        return put(methodAndTarget, reply);
    }

    public FakeTransport on(String methodAndTarget, TransportException failure) {
        return put(methodAndTarget, failure);
    }

    /** A stream of these lines, which then ends. */
    public FakeTransport stream(String methodAndTarget, String... lines) {
        return put(methodAndTarget, List.of(lines));
    }

    /** A body that is downloaded, with these headers beside the version. */
    public FakeTransport content(String methodAndTarget, byte[] bytes, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("parley-api-version", "1");
        return put(methodAndTarget, new Content(bytes, all));
    }

    /** The bodies that were uploaded. */
    public List<byte[]> uploaded() {
        return uploaded;
    }

    /** Every request so far: method, target and body. */
    public List<String> asked() {
        synchronized (asked) {
            return List.copyOf(asked);
        }
    }

    private FakeTransport put(String key, Object reply) {
        replies.computeIfAbsent(key, k -> new ArrayDeque<>()).add(reply);
        return this;
    }

    @Override
    public Reply exchange(Request request, Duration timeout) throws TransportException {
        Object reply = take(request);
        if (reply instanceof TransportException failure) {
            throw failure;
        }
        return (Reply) reply;
    }

    @Override
    public Lines open(Request request, Duration silence) throws TransportException, RefusedException {
        switch (take(request)) {
            case TransportException failure -> throw failure;
            case Reply refusal -> throw new RefusedException(refusal);
            case List<?> lines -> {
                return new FakeLines(new ArrayDeque<>(lines));
            }
            default -> throw new AssertionError();
        }
    }

    /** Asked is shown as {@code POST /v1/files?... application/octet-stream 5 hello}; the length is -1 if it was not known. */
    @Override
    public Reply upload(Request request, Upload body, Duration silence) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        body.source().writeTo(all);
        uploaded.add(all.toByteArray());
        Object reply = take(request, " " + body.mediaType() + " " + body.length());
        if (reply instanceof TransportException failure) {
            throw failure;
        }
        return (Reply) reply;
    }

    @Override
    public Reply download(Request request, OutputStream to, Duration silence) throws IOException {
        switch (take(request)) {
            case TransportException failure -> throw failure;
            case Reply refusal -> throw new RefusedException(refusal);
            case Content content -> {
                to.write(content.bytes());
                return new Reply(200, content.headers(), "");
            }
            default -> throw new AssertionError();
        }
    }

    private record Content(byte[] bytes, Map<String, String> headers) {}

    private Object take(Request request) {
        return take(request, request.json() == null ? "" : " " + request.json());
    }

    private Object take(Request request, String body) {
        String key = request.method() + " " + request.target();
        synchronized (asked) {
            asked.add(key + body);
            Queue<Object> queue = replies.get(key);
            if (queue == null) {
                throw new AssertionError("nobody expected " + key + "; expected are " + replies.keySet());
            }
            return queue.size() > 1 ? queue.remove() : queue.element();
        }
    }

    private record FakeLines(Deque<Object> lines) implements Lines {
        @Override
        public String next() {
            return (String) lines.poll();
        }

        @Override
        public void close() {}
    }
}
