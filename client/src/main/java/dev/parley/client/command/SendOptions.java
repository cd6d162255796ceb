package dev.parley.client.command;

import dev.parley.admin.AdminApi;
import dev.parley.admin.SendRequest;
import dev.parley.client.json.Json;
import dev.parley.client.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What {@code send} and {@code broadcast} have in common: the body, how long it lives, and what is waited for. */
final class SendOptions {
    /** How far a message is followed. */
    enum Wait {
        QUEUED,
        SENT,
        DELIVERED
    }

    private static final String JSON = "application/json";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Media type (default: text/plain, or application/octet-stream if it is no text).")
    private String type;

    @Option(
            names = "--json-body",
            paramLabel = "JSON|-|@FILE",
            description = "Send this, after a look whether it is JSON, as application/json.")
    private String jsonBody;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "Give up what is not delivered after this time: 30s, 1h, 7d (default: 60d, which is the most).")
    private Duration expires;

    @Option(names = "--connected", description = "Leave out, of all or of a group, who is not connected now.")
    private boolean connected;

    @Option(
            names = "--wait",
            paramLabel = "STATE",
            description = "Wait until it is queued, sent or delivered (default: queued, which is durable).")
    private Wait wait = Wait.QUEUED;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long --wait waits: 500ms, 10s, 2m (default: 10s).")
    private Duration timeout = Duration.ofSeconds(10);

    Wait awaited() {
        return wait;
    }

    Duration timeout() {
        return timeout;
    }

    /**
     * @param to null to broadcast
     * @param words null or empty if there were none
     */
    SendRequest request(String to, List<String> words, InputStream in, String command) throws IOException {
        checkType();
        if (expires != null
                && (expires.compareTo(Duration.ofSeconds(1)) < 0
                        || expires.compareTo(Duration.ofDays(AdminApi.MAX_LIFE_DAYS)) > 0)) {
            throw Failure.usage("--expires takes a time from 1s to " + AdminApi.MAX_LIFE_DAYS + "d", null);
        }
        if (connected && to != null && !to.startsWith("@")) {
            throw Failure.usage("--connected is for a group or a broadcast", null);
        }
        boolean spoken = words != null && !words.isEmpty();
        if (spoken == (jsonBody != null)) {
            throw Failure.usage(
                    spoken ? "a text and --json-body exclude each other" : "nothing to send",
                    "`parley " + command + " --help` shows what it takes");
        }
        MessageBody body = MessageBody.of(spoken ? words : List.of(jsonBody), in);
        String mediaType = type == null && jsonBody != null ? JSON : type;
        if (isJson(mediaType)) {
            checkJson(body);
        }
        return new SendRequest(
                to,
                to == null ? true : null,
                connected ? true : null,
                mediaType,
                body.text(),
                body.base64(),
                expires == null ? null : expires.toString());
    }

    /** A limit that the node would refuse anyway, refused before the message travels. */
    private void checkType() {
        if (type != null && !type.matches("[\\x21-\\x7e][\\x20-\\x7e]{0," + (AdminApi.MAX_MEDIA_TYPE - 1) + "}")) {
            throw Failure.usage(
                    "--type takes a media type: 1 to " + AdminApi.MAX_MEDIA_TYPE + " characters of printable ASCII",
                    null);
        }
        if (type != null && jsonBody != null && !isJson(type)) {
            throw Failure.usage(
                    "--json-body is not of the type " + type, "leave --type out, or give one like x/y+json");
        }
    }

    private static boolean isJson(String mediaType) {
        if (mediaType == null) {
            return false;
        }
        String essence = mediaType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        return essence.equals(JSON) || essence.endsWith("+json");
    }

    private static void checkJson(MessageBody body) {
        if (body.text() == null) {
            throw Failure.usage("the body is not JSON: it is not even a text in UTF-8", null);
        }
        try {
            Json.check(body.text());
        } catch (JsonException e) {
            throw Failure.usage(
                    "the body is not JSON: " + e.getMessage(), "a text in JSON stands in double quotes: '\"hello\"'");
        }
    }
}
