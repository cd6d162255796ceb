package dev.parley.node.bridge;

import dev.parley.node.message.Draft;
import dev.parley.node.message.Groups;
import dev.parley.node.message.Messages;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerException;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a message of the broker asks for: headers {@code Parley-To} (a PeerId or its beginning, a percent-encoded alias, {@code @group},
 * {@code *} for all), and perhaps {@code Parley-Media-Type}, {@code Parley-Expires-In} (ISO 8601) and {@code Parley-Id} or
 * {@code Nats-Msg-Id}.
 *
 * @param id tells it from others: the given one, or its place in the stream
 */
record Order(String id, String to, String mediaType, Duration life) {

    static final String TO = "Parley-To";
    private static final String MEDIA_TYPE = "Parley-Media-Type";
    private static final String EXPIRES = "Parley-Expires-In";
    private static final String ID = "Parley-Id";
    private static final String NATS_ID = "Nats-Msg-Id";
    private static final String BYTES = "application/octet-stream";
    private static final int MOST_CHARS = 255;

    /** It cannot be sent; the message says why, and repeats nothing of what is wrong. */
    static final class Bad extends Exception {
        private static final long serialVersionUID = 1L;

        Bad(String reason) {
            super(reason, null, false, false);
        }
    }

    /** @param place of the message: its stream and number there */
    static Order of(Headers headers, String place) throws Bad {
        String to = header(headers, TO)
                .orElseThrow(() -> new Bad("the header " + TO
                        + " is missing: set it to an alias, a peer id, @ and the name of a group, or * for all"));
        String mediaType = header(headers, MEDIA_TYPE).orElse(BYTES);
        Optional<String> given = header(headers, ID).or(() -> headerUnchecked(headers, NATS_ID));
        return new Order(
                given.map(each -> "id:" + each).orElse("at:" + place), to, mediaType, life(header(headers, EXPIRES)));
    }

    /** @throws Bad if there is nobody that it could go to */
    Draft draft(byte[] body, KnownPeers peers, Groups groups) throws Bad {
        if (body.length > Messages.MAX_BYTES) {
            throw new Bad("a message has at most %,d bytes, this one has %,d: send it as a file"
                    .formatted(Messages.MAX_BYTES, body.length));
        }
        if (to.equals("*")) {
            return draft(Record.Scope.BROADCAST, "", everybody(peers), body);
        } else if (to.startsWith("@")) {
            String group = decoded(to.substring(1));
            return draft(Record.Scope.GROUP, group, members(group, peers, groups), body);
        }
        return draft(Record.Scope.DIRECT, "", Map.of(recipient(peers), Optional.empty()), body);
    }

    private Draft draft(Record.Scope scope, String group, Map<PeerId, Optional<String>> all, byte[] body) throws Bad {
        if (all.isEmpty()) {
            throw new Bad("there is nobody that it could go to");
        }
        return new Draft(scope, group, all, mediaType, body, life);
    }

    private PeerId recipient(KnownPeers peers) throws Bad {
        try {
            KnownPeer peer = peers.resolve(decoded(to));
            if (!peer.state().isLetIn()) {
                throw new Bad("the peer is not let in: 'parley peers approve' lets it in");
            }
            return peer.id();
        } catch (PeerException unknown) {
            throw new Bad(unknown.getMessage());
        }
    }

    private static Map<PeerId, Optional<String>> everybody(KnownPeers peers) {
        Map<PeerId, Optional<String>> all = new LinkedHashMap<>();
        peers.all().stream()
                .filter(peer -> peer.state().isLetIn())
                .forEach(peer -> all.put(peer.id(), Optional.empty()));
        return all;
    }

    private static Map<PeerId, Optional<String>> members(String name, KnownPeers peers, Groups groups) throws Bad {
        Groups.Group group = groups.get(name)
                .toCompletableFuture()
                .join()
                .orElseThrow(() -> new Bad("there is no such group: 'parley groups' lists those that there are"));
        Map<PeerId, Optional<String>> all = new LinkedHashMap<>();
        for (PeerId member : group.members()) {
            boolean out =
                    peers.get(member).filter(peer -> !peer.state().isLetIn()).isPresent();
            all.put(member, out ? Optional.of("the peer is not let in") : Optional.empty());
        }
        return all;
    }

    private static Duration life(Optional<String> text) throws Bad {
        if (text.isEmpty()) {
            return Messages.LONGEST_LIFE;
        }
        try {
            Duration life = Duration.parse(text.get());
            if (life.compareTo(Duration.ofSeconds(1)) >= 0 && life.compareTo(Messages.LONGEST_LIFE) <= 0) {
                return life;
            }
        } catch (DateTimeParseException notOne) {
            // As below.
        }
        throw new Bad("the header " + EXPIRES + " must be a duration like PT1H, from PT1S to " + Messages.LONGEST_LIFE);
    }

    private static String decoded(String text) throws Bad {
        try {
            return Encoding.decoded(text);
        } catch (IllegalArgumentException e) {
            throw new Bad("the header " + TO + " is not percent-encoded: " + e.getMessage());
        }
    }

    private static Optional<String> header(Headers headers, String name) throws Bad {
        List<String> values = headers == null ? null : headers.getIgnoreCase(name);
        if (values == null || values.isEmpty()) {
            return Optional.empty();
        }
        String value = values.getFirst();
        if (values.size() > 1
                || value.isEmpty()
                || value.length() > MOST_CHARS
                || !value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new Bad("the header " + name + " must be there once, with 1 to " + MOST_CHARS
                    + " characters of printable ASCII");
        }
        return Optional.of(value);
    }

    /** JetStream has its own opinion of this one. */
    private static Optional<String> headerUnchecked(Headers headers, String name) {
        try {
            return header(headers, name);
        } catch (Bad ignored) {
            return Optional.empty();
        }
    }
}
