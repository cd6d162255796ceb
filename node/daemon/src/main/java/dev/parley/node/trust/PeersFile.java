package dev.parley.node.trust;

import com.fasterxml.jackson.annotation.JsonInclude;
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
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
            .build();

    /** The file. */
    private record Document(int version, List<Line> peers, List<OldLine> superseded) {}

    /** A key that has a successor, in the file. */
    private record OldLine(String id, String next, String since) {}

    /** Another key that claimed a peer's place, in the file. */
    private record OtherLine(String id, String where, String firstSeen, String lastSeen, boolean settled) {}

    /** All that is in the file. */
    record Content(List<KnownPeer> peers, List<Superseded> superseded) {}

    /** One peer in the file; times are ISO 8601. */
    private record Line(
            String id,
            String alias,
            String claimedName,
            PeerState state,
            List<String> addresses,
            String firstSeen,
            String lastSeen,
            LetInBy letInBy,
            String predecessor,
            OtherLine otherKey) {}

    private final Path file;

    PeersFile(Path file) {
        this.file = file;
    }

    /** @throws IOException if the file is there and cannot be read or understood; the message says which file and why */
    Content load() throws IOException {
        if (!Files.exists(file)) {
            return new Content(List.of(), List.of());
        }
        try {
            Document document = JSON.readValue(Files.readAllBytes(file), Document.class);
            if (document.version() != VERSION || document.peers() == null) {
                throw new IOException("%s has version %d, expected %d".formatted(file, document.version(), VERSION));
            }
            List<OldLine> old = document.superseded() == null ? List.of() : document.superseded();
            return new Content(
                    document.peers().stream().map(PeersFile::peer).toList(),
                    old.stream().map(PeersFile::superseded).toList());
        } catch (JsonProcessingException | RuntimeException malformed) {
            throw new IOException(
                    file + " is damaged; restore it from a backup, or move it away to begin with no known peers",
                    malformed);
        }
    }

    void save(Content content) throws IOException {
        List<OldLine> old = content.superseded().stream()
                .map(each -> new OldLine(
                        each.key().toString(),
                        each.next().toString(),
                        each.since().toString()))
                .toList();
        Document document = new Document(
                VERSION, content.peers().stream().map(PeersFile::line).toList(), old.isEmpty() ? null : old);
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
                line.letInBy() == null ? LetInBy.unsaid(line.state()) : line.letInBy(),
                new KeyNotes(
                        Optional.ofNullable(line.predecessor()).map(PeerId::parse),
                        Optional.ofNullable(line.otherKey()).map(PeersFile::otherKey)));
    }

    private static KeyNotes.OtherKey otherKey(OtherLine line) {
        return new KeyNotes.OtherKey(
                PeerId.parse(line.id()),
                line.where(),
                Instant.parse(line.firstSeen()),
                Instant.parse(line.lastSeen()),
                line.settled());
    }

    private static Superseded superseded(OldLine line) {
        return new Superseded(PeerId.parse(line.id()), PeerId.parse(line.next()), Instant.parse(line.since()));
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
                peer.letInBy(),
                peer.keys().predecessor().map(PeerId::toString).orElse(null),
                peer.keys()
                        .other()
                        .map(each -> new OtherLine(
                                each.id().toString(),
                                each.where(),
                                each.firstSeen().toString(),
                                each.lastSeen().toString(),
                                each.settled()))
                        .orElse(null));
    }
}
