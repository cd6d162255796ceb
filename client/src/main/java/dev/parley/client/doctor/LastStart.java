package dev.parley.client.doctor;

import dev.parley.admin.Finding;
import dev.parley.client.json.Json;
import dev.parley.client.json.JsonException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How the node's last start went, and its last run ended, by the end of its net.log. */
public final class LastStart {
    private static final String CHECK = "last-run";
    /** A line has at most a message of 1 MiB as text. */
    private static final int TAIL = 8 << 20;

    private LastStart() {}

    /** @param log net.log, which need not be there */
    public static Finding of(Path log) {
        if (!Files.exists(log)) {
            return Finding.ok(CHECK, "there is no net.log yet: the node has never run here");
        }
        try {
            return of(lines(log), log);
        } catch (IOException e) {
            return Finding.unknown(CHECK, log + " could not be read");
        }
    }

    private static Finding of(List<String> lines, Path log) {
        for (String line : lines.reversed()) {
            Map<?, ?> event = event(line);
            String name = text(event, "event");
            String at = text(event, "time");
            switch (name) {
                case "CONFIG_ERROR" -> {
                    return failed(log, at, text(event, "key") + " " + text(event, "problem"), "correct that setting");
                }
                case "PORT_IN_USE" -> {
                    return failed(
                            log,
                            at,
                            "port " + text(event, "port") + " of " + text(event, "address") + " was in use",
                            "stop whoever has it, or set another port in CREDENTIALS.txt");
                }
                case "START_FAILED" -> {
                    return failed(log, at, text(event, "problem"), "do as it says, and start the node again");
                }
                case "NODE_STOPPED" -> {
                    return Finding.ok(CHECK, "stopped in order at " + at);
                }
                case "NODE_READY" -> {
                    return Finding.warning(
                            CHECK,
                            log.toString(),
                            "the node that was ready at " + at
                                    + " did not stop in order: it was killed, or the machine went down",
                            "start it again: nothing that it had answered is lost");
                }
                default -> {}
            }
        }
        return Finding.unknown(CHECK, "the end of net.log does not say how the last run went");
    }

    private static Finding failed(Path log, String at, String why, String advice) {
        return Finding.problem(CHECK, log.toString(), "the start at " + at + " failed: " + why, advice);
    }

    private static Map<?, ?> event(String line) {
        try {
            return Json.parse(line) instanceof Map<?, ?> fields ? fields : Map.of();
        } catch (JsonException e) {
            // Torn by a crash, or cut by where this began to read.
            return Map.of();
        }
    }

    private static String text(Map<?, ?> event, String field) {
        Object value = event.get(field);
        return value == null ? "" : value.toString();
    }

    private static List<String> lines(Path log) throws IOException {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }
}
