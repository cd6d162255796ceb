package dev.parley.client.attack;

import dev.parley.client.json.Json;
import dev.parley.lab.stand.LiveNode.LogLine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Follows a node's {@code net.log} from its beginning, over rotations. Not thread-safe. */
final class NetLogReader {
    private final Path file;
    private final List<LogLine> lines = new ArrayList<>();
    private long position;
    private Object fileKey;

    NetLogReader(Path file) {
        this.file = file;
    }

    /** All lines so far; a last one that is still being written is left out. */
    List<LogLine> lines() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        Object key = key(file);
        if (fileKey != null && !fileKey.equals(key)) {
            Path rotated = file.resolveSibling(file.getFileName() + ".1");
            if (Files.exists(rotated) && fileKey.equals(key(rotated))) {
                read(rotated);
            }
            position = 0;
        }
        fileKey = key;
        read(file);
        return List.copyOf(lines);
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
    }

    private void read(Path path) throws IOException {
        byte[] fresh;
        try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
            in.seek(position);
            fresh = new byte[(int) Math.min(Integer.MAX_VALUE - 8, Math.max(0, in.length() - position))];
            in.readFully(fresh);
        }
        int begin = 0;
        for (int i = 0; i < fresh.length; i++) {
            if (fresh[i] == '\n') {
                add(new String(fresh, begin, i - begin, StandardCharsets.UTF_8));
                begin = i + 1;
            }
        }
        position += begin;
    }

    private void add(String text) {
        try {
            if (Json.parse(text) instanceof Map<?, ?> fields && fields.get("seq") instanceof Long seq) {
                @SuppressWarnings("unchecked")
                Map<String, Object> named = (Map<String, Object>) fields;
                lines.add(new LogLine(seq, String.valueOf(fields.get("event")), text, named));
            }
        } catch (dev.parley.client.json.JsonException torn) {
            // A line that a kill has torn: it says nothing.
        }
    }
}
