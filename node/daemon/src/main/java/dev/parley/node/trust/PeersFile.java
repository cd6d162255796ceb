package dev.parley.node.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.node.store.StateFile;
import dev.parley.protocol.crypto.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * {@code peers.json}: the known peers on disk. A file that cannot be understood is an error, never an empty list: forgetting
 * pinned keys in silence would let anybody in as anybody.
 */
final class PeersFile {

    private static final int VERSION = 1;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** The file. */
    private record Document(int version, List<Line> peers) {}

    /** One peer in the file; times are ISO 8601. */
    private record Line(
            String id,
            String alias,
            String claimedName,
            PeerState state,
            List<String> addresses,
            String firstSeen,
            String lastSeen,
            LetInBy letInBy) {}

    private final Path file;

    PeersFile(Path file) {
        this.file = file;
    }

    /** @throws IOException if the file is there and cannot be read or understood; the message says which file and why */
    List<KnownPeer> load() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            Document document = JSON.readValue(Files.readAllBytes(file), Document.class);
            if (document.version() != VERSION || document.peers() == null) {
                throw new IOException("%s has version %d, expected %d".formatted(file, document.version(), VERSION));
            }
            return document.peers().stream().map(PeersFile::peer).toList();
        } catch (JsonProcessingException | RuntimeException malformed) {
            throw new IOException(
                    file + " is damaged; restore it from a backup, or move it away to begin with no known peers",
                    malformed);
        }
    }

    void save(Collection<KnownPeer> peers) throws IOException {
        Document document =
                new Document(VERSION, peers.stream().map(PeersFile::line).toList());
        StateFile.replace(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
    }

    private static KnownPeer peer(Line line) {
        return new KnownPeer(
                PeerId.parse(line.id()),
                Optional.ofNullable(line.alias()),
                line.claimedName() == null ? "" : line.claimedName(),
                Optional.of(line.state()).orElseThrow(),
                line.addresses(),
                Instant.parse(line.firstSeen()),
                Optional.ofNullable(line.lastSeen()).map(Instant::parse),
                line.letInBy() == null ? LetInBy.unsaid(line.state()) : line.letInBy());
    }

    private static Line line(KnownPeer peer) {
        return new Line(
                peer.id().toString(),
                peer.alias().orElse(null),
                peer.claimedName().isEmpty() ? null : peer.claimedName(),
                peer.state(),
                peer.addresses(),
                peer.firstSeen().toString(),
                peer.lastSeen().map(Instant::toString).orElse(null),
                peer.letInBy());
    }
}
