package dev.parley.client.audit;

import dev.parley.client.json.Json;
import dev.parley.client.json.JsonException;
import dev.parley.client.text.Plain;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lines of {@code net.log} as CSV (RFC 4180), one row a line, the columns always the same. A cell that a spreadsheet would take for
 * a formula begins with an apostrophe; unprintable characters are escaped.
 */
public final class CsvLines {
    /** Later columns may be added behind these, never between them. */
    private static final List<String> COLUMNS = List.of(
            "time",
            "seq",
            "level",
            "event",
            "peer",
            "alias",
            "remote",
            "session",
            "connection",
            "message",
            "transfer",
            "code",
            "status",
            "size",
            "detail");

    private static final String CIPHERTEXT = "ciphertext";
    private static final String FORMULA = "=+-@\t\r\n|%";
    private static final String END = "\r\n";

    private final boolean ciphertexts;

    /** @param ciphertexts whether these are in a column of their own; else they are left out */
    public CsvLines(boolean ciphertexts) {
        this.ciphertexts = ciphertexts;
    }

    /** The row of titles, with its end. */
    public String head() {
        return String.join(",", COLUMNS) + ",other" + (ciphertexts ? "," + CIPHERTEXT : "") + END;
    }

    /** The row of a line, with its end. What is no JSON object is in the column "other" as it is. */
    public String row(String line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        try {
            if (Json.parse(line) instanceof Map<?, ?> object) {
                object.forEach((name, value) -> fields.put(name.toString(), value));
            }
        } catch (JsonException torn) {
            // Shown below.
        }
        StringBuilder row = new StringBuilder();
        boolean readable = !fields.isEmpty();
        for (String column : COLUMNS) {
            row.append(cell(fields.remove(column))).append(',');
        }
        Object ciphertext = fields.remove(CIPHERTEXT);
        row.append(readable ? cell(fields.isEmpty() ? null : Json.write(fields)) : cell(line));
        if (ciphertexts) {
            row.append(',').append(cell(ciphertext));
        }
        return row.append(END).toString();
    }

    private static String cell(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Number number) {
            // Formula or not: it is a number.
            return number.toString();
        }
        String text = Plain.line(value instanceof String plain ? plain : Json.write(value));
        if (!text.isEmpty()
                && FORMULA.indexOf(
                                text.stripLeading().isEmpty()
                                        ? ' '
                                        : text.stripLeading().charAt(0))
                        >= 0) {
            text = "'" + text;
        }
        return text.chars().anyMatch(each -> each == ',' || each == '"' || each == ' ')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
