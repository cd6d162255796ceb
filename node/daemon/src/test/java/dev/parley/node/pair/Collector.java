package dev.parley.node.pair;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** Takes spans by OTLP over HTTP, and reads of the protobuf what tests ask for. */
final class Collector implements AutoCloseable {

    /**
     * A span as it came.
     *
     * @param id 16 hex digits
     * @param parent the same, or empty for a root
     * @param instance service.instance.id of who exported it
     * @param attributes those that are text
     */
    record Exported(
            String trace, String id, String parent, String name, String instance, Map<String, String> attributes) {}

    private final HttpServer server;
    private final List<Exported> spans = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    List<Exported> spans() {
        return spans;
    }

    /** The spans of the trace that was begun {@code place}-th, from 0; none if there are not so many. */
    List<Exported> trace(int place) {
        List<String> roots = spans.stream()
                .filter(each -> each.parent().isEmpty())
                .map(Exported::trace)
                .toList();
        return place < roots.size()
                ? spans.stream()
                        .filter(each -> each.trace().equals(roots.get(place)))
                        .toList()
                : List.of();
    }

    /** What came, each byte a character. */
    List<String> bodies() {
        return bodies;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange;
                var in = new GZIPInputStream(exchange.getRequestBody())) {
            byte[] body = in.readAllBytes();
            bodies.add(new String(body, StandardCharsets.ISO_8859_1));
            // ExportTraceServiceRequest: 1 resource_spans
            new Message(body).each(1, this::resourceSpans);
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** ResourceSpans: 1 resource, 2 scope_spans; Resource: 1 attributes; ScopeSpans: 2 spans. */
    private void resourceSpans(Message of) {
        Map<String, String> resource = new LinkedHashMap<>();
        of.each(1, each -> attributes(each, 1, resource));
        of.each(2, scope -> scope.each(2, span -> span(span, resource.get("service.instance.id"))));
    }

    /** Span: 1 trace_id, 2 span_id, 4 parent_span_id, 5 name, 9 attributes. */
    private void span(Message span, String instance) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes(span, 9, attributes);
        spans.add(new Exported(span.hex(1), span.hex(2), span.hex(4), span.text(5), instance, Map.copyOf(attributes)));
    }

    /** KeyValue: 1 key, 2 value; AnyValue: 1 string_value. */
    private static void attributes(Message of, int field, Map<String, String> into) {
        of.each(field, pair -> pair.each(2, value -> into.put(pair.text(1), value.text(1))));
    }

    /** A protobuf message, of which only fields with a length are kept. */
    private static final class Message {
        private final List<Map.Entry<Integer, byte[]>> fields = new ArrayList<>();

        Message(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            while (in.hasRemaining()) {
                int tag = (int) varint(in);
                switch (tag & 7) {
                    case 0 -> varint(in);
                    case 1 -> in.getLong();
                    case 2 -> {
                        byte[] content = new byte[(int) varint(in)];
                        in.get(content);
                        fields.add(Map.entry(tag >>> 3, content));
                    }
                    case 5 -> in.getInt();
                    default -> throw new IllegalArgumentException("no protobuf: tag " + tag);
                }
            }
        }

        void each(int field, Consumer<Message> action) {
            fields.stream()
                    .filter(each -> each.getKey() == field)
                    .forEach(each -> action.accept(new Message(each.getValue())));
        }

        String text(int field) {
            return new String(bytes(field), StandardCharsets.UTF_8);
        }

        String hex(int field) {
            return HexFormat.of().formatHex(bytes(field));
        }

        private byte[] bytes(int field) {
            return fields.stream()
                    .filter(each -> each.getKey() == field)
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(new byte[0]);
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = in.get();
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }
    }
}
