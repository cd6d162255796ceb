package dev.parley.node.net;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.node.store.StateFile;
import dev.parley.protocol.crypto.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code connections.json}: what the operator wants connected, so that a restart changes nothing. */
final class WantedStore {

    /** The file's own version; one of another is refused rather than misread. */
    private static final int VERSION = 1;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** One address to keep connected. @param peer who is expected there, once known */
    record Wanted(HostPort address, Optional<PeerId> peer) {}

    /** The file. */
    private record Document(int version, List<Line> connections) {}

    /** One connection in the file. */
    private record Line(String host, int port, String peer) {}

    private final Path file;

    WantedStore(Path file) {
        this.file = file;
    }

    /** @throws UncheckedIOException if the file is there and cannot be read or understood; the message says which */
    List<Wanted> load() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            Document document = JSON.readValue(Files.readAllBytes(file), Document.class);
            if (document.version() != VERSION) {
                throw new IOException("version " + document.version() + ", expected " + VERSION);
            }
            return document.connections().stream()
                    .map(line -> new Wanted(
                            new HostPort(line.host(), line.port()),
                            Optional.ofNullable(line.peer()).map(PeerId::parse)))
                    .toList();
        } catch (JsonProcessingException | IllegalArgumentException malformed) {
            throw new UncheckedIOException(new IOException(file + " is not a list of connections", malformed));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(new IOException(file + ": " + unreadable.getMessage(), unreadable));
        }
    }

    /** Replaces the file as a whole. */
    void save(List<Wanted> wanted) throws IOException {
        Document document = new Document(
                VERSION,
                wanted.stream()
                        .map(each -> new Line(
                                each.address().host(),
                                each.address().port(),
                                each.peer().map(PeerId::toString).orElse(null)))
                        .toList());
        StateFile.replace(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
    }
}
