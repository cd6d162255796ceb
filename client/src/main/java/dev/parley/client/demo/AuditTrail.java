package dev.parley.client.demo;

import dev.parley.client.json.Json;
import dev.parley.client.text.Plain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node's {@code net.log} says.
 *
 * @param lines one for each event, in order
 */
record AuditTrail(List<Map<?, ?>> lines) {
    /** Longer values, above all ids, are shown by their first characters, as many as tell two of them apart. */
    private static final int LONGEST_VALUE = 24;

    private static final int SHOWN_OF_LONGER = 8;
    private static final Set<String> NOT_SHOWN =
            Set.of("time", "seq", "prev", "level", "event", "connection", "adminSocket", "managementPort", "remote");

    /** @throws IOException if it cannot be read; a last line that is still being written is left out */
    static AuditTrail read(Path netLog) throws IOException {
        String text = Files.readString(netLog);
        List<Map<?, ?>> lines = new ArrayList<>();
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
            if (!line.isEmpty()) {
                lines.add((Map<?, ?>) Json.parse(line));
            }
        }
        return new AuditTrail(List.copyOf(lines));
    }

    /** What was written after the first {@code count} lines. */
    AuditTrail after(int count) {
        return new AuditTrail(lines.subList(Math.min(count, lines.size()), lines.size()));
    }

    /** How many lines come before the last start of the node. */
    int linesBeforeLastStart() {
        for (int line = lines.size() - 1; line >= 0; line--) {
            if (event(lines.get(line)).equals("NODE_STARTED")) {
                return line;
            }
        }
        return 0;
    }

    /** The first event of this name whose field has this value. */
    Optional<Map<?, ?>> find(String event, String field, Object value) {
        return lines.stream()
                .filter(each -> event(each).equals(event))
                .filter(each -> String.valueOf(each.get(field)).equals(value.toString()))
                .<Map<?, ?>>map(each -> each)
                .findFirst();
    }

    static String event(Map<?, ?> line) {
        return String.valueOf(line.get("event"));
    }

    /** The frame that an event quotes. */
    static byte[] ciphertext(Map<?, ?> line) {
        return Base64.getDecoder().decode(String.valueOf(line.get("ciphertext")));
    }

    /** One event as a line of text: time, name, fields; long values are cut. */
    static String show(Map<?, ?> line) {
        StringBuilder text = new StringBuilder(160)
                .append(String.valueOf(line.get("time")).replaceFirst(".*T(.{12}).*", "$1"))
                .append(String.format(Locale.ROOT, "  %-20s", event(line)));
        line.forEach((name, value) -> {
            if (!NOT_SHOWN.contains(name)) {
                text.append(' ').append(name).append('=').append(cut(String.valueOf(value)));
            }
        });
        return Plain.line(text.toString());
    }

    private static String cut(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, SHOWN_OF_LONGER) + "…";
    }
}
