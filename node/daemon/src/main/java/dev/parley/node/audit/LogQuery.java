package dev.parley.node.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which lines of {@code net.log} are wanted. A line has to fit all that is asked for; ciphertexts are not looked into.
 *
 * @param events names of events: beginnings, or patterns with {@code *} and {@code ?}; one of them has to fit. Empty: all
 * @param level the least; null: any
 * @param peer PeerId, or the beginning of one, in any field that names a peer; null: any
 * @param session id or the beginning of one; null: any
 * @param since not before; null: any
 * @param until before; null: any
 * @param text in the value of any field, in upper or lower case; null: any
 */
public record LogQuery(
        List<String> events, Level level, String peer, String session, Instant since, Instant until, String text) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
    private static final String CIPHERTEXT = "ciphertext";

    public LogQuery {
        events = List.copyOf(events);
        peer = lower(peer);
        session = lower(session);
        text = lower(text);
    }

    /** Wants every line. */
    public static LogQuery all() {
        return new LogQuery(List.of(), null, null, null, null, null, null);
    }

    /** Judges lines. Not thread-safe. */
    public Matcher matcher() {
        return new Matcher(this);
    }

    private boolean wantsAll() {
        return events.isEmpty()
                && level == null
                && peer == null
                && session == null
                && since == null
                && until == null
                && text == null;
    }

    private static String lower(String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /** A query made ready. */
    public static final class Matcher {
        private final LogQuery query;
        private final List<Pattern> events = new ArrayList<>();
        private final boolean all;

        private Matcher(LogQuery query) {
            this.query = query;
            this.all = query.wantsAll();
            query.events.forEach(each -> events.add(pattern(each)));
        }

        /** Says whether the line is wanted. What is no line of an event is wanted only where all are. */
        public boolean wants(byte[] line, int length) {
            if (all) {
                return true;
            }
            try (JsonParser json = JSON.createParser(line, 0, length)) {
                return json.nextToken() == JsonToken.START_OBJECT && wants(json);
            } catch (IOException torn) {
                return false;
            }
        }

        /** Who and when come first in a line, so that most lines are judged by their beginning. */
        private boolean wants(JsonParser json) throws IOException {
            boolean peerFound = query.peer == null;
            boolean sessionFound = query.session == null;
            boolean textFound = query.text == null;
            boolean eventSeen = false;
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken token = json.nextToken();
                if (name.equals(CIPHERTEXT)) {
                    continue;
                }
                if (token.isStructStart()) {
                    textFound |= anyOf(json);
                    continue;
                }
                String value = json.getText();
                switch (name) {
                    case "time" -> {
                        if (!inTime(value)) {
                            return false;
                        }
                    }
                    case "level" -> {
                        if (query.level != null && !atLeast(value)) {
                            return false;
                        }
                    }
                    case "event" -> {
                        if (!events.isEmpty()
                                && events.stream()
                                        .noneMatch(each -> each.matcher(value).matches())) {
                            return false;
                        }
                        eventSeen = true;
                    }
                    case "session" -> sessionFound |= value.startsWith(query.session == null ? "" : query.session);
                    default -> peerFound |= names(name, value);
                }
                textFound |= value.toLowerCase(Locale.ROOT).contains(query.text == null ? "" : query.text);
                if (eventSeen && peerFound && sessionFound && textFound) {
                    return true;
                }
            }
            return false;
        }

        private boolean anyOf(JsonParser json) throws IOException {
            boolean found = false;
            int depth = 1;
            while (depth > 0) {
                JsonToken token = json.nextToken();
                if (token == null) {
                    return false;
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                found |= query.text != null
                        && token.isScalarValue()
                        && json.getText().toLowerCase(Locale.ROOT).contains(query.text);
            }
            return found;
        }

        private boolean names(String field, String value) {
            return query.peer != null
                    && field.toLowerCase(Locale.ROOT).endsWith("peer")
                    && value.startsWith(query.peer);
        }

        private boolean inTime(String value) {
            if (query.since == null && query.until == null) {
                return true;
            }
            try {
                Instant time = Instant.parse(value);
                return (query.since == null || !time.isBefore(query.since))
                        && (query.until == null || time.isBefore(query.until));
            } catch (DateTimeException forged) {
                return false;
            }
        }

        private boolean atLeast(String value) {
            try {
                return Level.valueOf(value).compareTo(query.level) >= 0;
            } catch (IllegalArgumentException unknown) {
                return true;
            }
        }

        private static Pattern pattern(String event) {
            String name = event.toUpperCase(Locale.ROOT).replace('-', '_');
            boolean glob = name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
            var regex = new StringBuilder();
            for (char each : (glob ? name : name + "*").toCharArray()) {
                regex.append(each == '*' ? ".*" : each == '?' ? "." : Pattern.quote(String.valueOf(each)));
            }
            return Pattern.compile(regex.toString());
        }
    }
}
