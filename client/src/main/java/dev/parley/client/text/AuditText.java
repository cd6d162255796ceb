package dev.parley.client.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A line of net.log, which is one JSON object, for people. */
public record AuditText(ZoneId zone, Style style) {
    /** Shown in a place of their own, or of use to who verifies alone. */
    private static final List<String> HEAD =
            List.of("time", "seq", "level", "event", "prev", "next", "signature", "identity", "identitySignature");

    /** They are long and say nothing to people. */
    private static final String CIPHERTEXT = "ciphertext";

    private static final int LONGEST = 64;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    public String of(Map<?, ?> fields) {
        StringBuilder line = new StringBuilder(style.dim(time(fields.get("time"))))
                .append("  ")
                .append(event(fields));
        fields.forEach((name, value) -> {
            if (value != null && !HEAD.contains(name)) {
                line.append(' ')
                        .append(style.dim(Plain.line(name.toString()) + "="))
                        .append(name.equals(CIPHERTEXT) ? size(value) : value(value));
            }
        });
        return line.toString();
    }

    private String event(Map<?, ?> fields) {
        String event = Plain.line(String.valueOf(fields.get("event")));
        return switch (String.valueOf(fields.get("level"))) {
            case "ERROR", "ALARM" -> style.red(event);
            case "WARN", "WARNING" -> style.yellow(event);
            default -> style.bold(event);
        };
    }

    private String time(Object value) {
        try {
            return TIME.format(Instant.parse(String.valueOf(value)).atZone(zone));
        } catch (DateTimeException e) {
            return Plain.line(String.valueOf(value));
        }
    }

    /** Of base64, padding left out. */
    private static String size(Object base64) {
        int digits = base64.toString().replace("=", "").length();
        return "(" + digits * 3L / 4 + " bytes)";
    }

    private static String value(Object value) {
        String text = Plain.line(value.toString());
        if (text.length() > LONGEST) {
            return text.substring(0, text.offsetByCodePoints(0, 24)) + "… (" + text.length() + " characters)";
        }
        return text.isEmpty() || text.indexOf(' ') >= 0 ? '"' + text + '"' : text;
    }
}
