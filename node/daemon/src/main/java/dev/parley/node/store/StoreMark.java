package dev.parley.node.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * A counter outside the store: how many transactions it had a few seconds ago at least. A store with fewer is an older copy
 * that somebody put in its place.
 */
final class StoreMark {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private long written = -1;

    /** @param store which one, @param commits transactions at least */
    record Value(UUID store, long commits) {}

    StoreMark(Path file) {
        this.file = file;
    }

    /** Empty where there is none, or none that can be read: it accuses nobody. */
    Optional<Value> read() {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), Value.class));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    synchronized void write(UUID store, long commits) throws IOException {
        if (commits != written) {
            StateFile.replace(file, JSON.writeValueAsBytes(new Value(store, commits)));
            written = commits;
        }
    }
}
