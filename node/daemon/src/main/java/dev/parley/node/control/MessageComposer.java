package dev.parley.node.control;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.SendRequest;
import dev.parley.node.message.Draft;
import dev.parley.node.message.Groups;
import dev.parley.node.message.Messages;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerState;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes a message of a request, or says what is wrong with it. */
@ApplicationScoped
class MessageComposer {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BYTES = "application/octet-stream";
    private static final String GROUP = "@";
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(1);
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final SessionRegistry sessions;
    private final KnownPeers peers;
    private final Groups groups;

    MessageComposer(SessionRegistry sessions, KnownPeers peers, Groups groups) {
        this.sessions = sessions;
        this.peers = peers;
        this.groups = groups;
    }

    Draft draft(SendRequest request) {
        byte[] content = content(request);
        String mediaType = mediaType(request);
        if (Views.isJson(mediaType)) {
            requireJson(content);
        }
        Duration life = life(request.expiresIn());
        boolean broadcast = Boolean.TRUE.equals(request.broadcast());
        if (broadcast == (request.to() != null)) {
            throw Parameters.invalid("the recipient", "either 'to' or 'broadcast': true");
        }
        boolean onlyConnected = Boolean.TRUE.equals(request.connected());
        if (broadcast) {
            return new Draft(Record.Scope.BROADCAST, "", everybody(onlyConnected), mediaType, content, life);
        } else if (request.to().startsWith(GROUP)) {
            String group = request.to().substring(GROUP.length());
            return new Draft(Record.Scope.GROUP, group, members(group, onlyConnected), mediaType, content, life);
        }
        return new Draft(
                Record.Scope.DIRECT, "", Map.of(recipient(request.to()), Optional.empty()), mediaType, content, life);
    }

    private static byte[] content(SendRequest request) {
        if ((request.text() == null) == (request.bodyBase64() == null)) {
            throw Parameters.invalid("the body", "either 'text' or 'bodyBase64'");
        }
        byte[] content =
                request.text() != null ? request.text().getBytes(StandardCharsets.UTF_8) : decode(request.bodyBase64());
        if (content.length > AdminApi.MAX_MESSAGE_BYTES) {
            throw new ApiException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a message has at most " + AdminApi.MAX_MESSAGE_BYTES + " bytes, this one has " + content.length,
                    "send it as a file");
        }
        return content;
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw Parameters.invalid("bodyBase64", "base64 with padding (RFC 4648 section 4)");
        }
    }

    private static String mediaType(SendRequest request) {
        if (request.mediaType() == null) {
            return request.text() != null ? TEXT : BYTES;
        }
        if (!request.mediaType().matches("[ -~]{1," + AdminApi.MAX_MEDIA_TYPE + "}")) {
            throw Parameters.invalid("mediaType", "1 to " + AdminApi.MAX_MEDIA_TYPE + " characters of printable ASCII");
        }
        return request.mediaType();
    }

    /** What says that it is JSON is: whoever consumes it need not doubt it. */
    private static void requireJson(byte[] content) {
        try {
            JSON.readTree(content);
            if (content.length > 0) {
                return;
            }
        } catch (JacksonException notJson) {
            var at = notJson.getLocation();
            throw Parameters.invalid(
                    "the body",
                    "JSON, as its media type says" + (at == null ? "" : "; it is not, at column " + at.getColumnNr()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        throw Parameters.invalid("the body", "JSON, as its media type says; it is empty");
    }

    private static Duration life(String expiresIn) {
        if (expiresIn == null) {
            return Messages.LONGEST_LIFE;
        }
        Duration life = Parameters.duration("expiresIn", expiresIn, Messages.LONGEST_LIFE);
        if (life.compareTo(SHORTEST_LIFE) < 0) {
            throw Parameters.invalid("expiresIn", "at least " + SHORTEST_LIFE);
        }
        return life;
    }

    private PeerId recipient(String ref) {
        KnownPeer peer = peers.resolve(ref);
        if (!peer.state().isLetIn()) {
            throw new ApiException(
                    ErrorCode.PEER_STATE, notLetIn(peer), "'parley peers approve " + peer.shown() + "' lets it in");
        }
        return peer.id();
    }

    private Map<PeerId, Optional<String>> everybody(boolean onlyConnected) {
        Map<PeerId, Optional<String>> all = new LinkedHashMap<>();
        peers.all().stream()
                .filter(peer -> peer.state().isLetIn())
                .map(KnownPeer::id)
                .filter(peer -> !onlyConnected || isConnected(peer))
                .forEach(peer -> all.put(peer, Optional.empty()));
        if (all.isEmpty()) {
            throw nobody(onlyConnected ? "no trusted peer is connected" : "no peer is trusted");
        }
        return all;
    }

    /** All members, so that each has a result: one that is not let in has it at once. */
    private Map<PeerId, Optional<String>> members(String name, boolean onlyConnected) {
        Groups.Group group = Stages.await(groups.get(name))
                .orElseThrow(() -> new ApiException(
                        ErrorCode.GROUP_NOT_FOUND,
                        "no group is called '" + Views.claim(name) + "'",
                        "'parley groups' lists those that there are"));
        Map<PeerId, Optional<String>> all = new LinkedHashMap<>();
        for (PeerId member : group.members()) {
            if (!onlyConnected || isConnected(member)) {
                all.put(
                        member,
                        peers.get(member)
                                .filter(peer -> !peer.state().isLetIn())
                                .map(MessageComposer::notLetIn));
            }
        }
        if (all.isEmpty()) {
            throw nobody(onlyConnected ? "no member of the group is connected" : "the group has no members");
        }
        return all;
    }

    private boolean isConnected(PeerId peer) {
        return sessions.preferred(peer).isPresent();
    }

    private static String notLetIn(KnownPeer peer) {
        return peer.state() == PeerState.BLOCKED ? "the peer is blocked" : "the peer awaits your approval";
    }

    private static ApiException nobody(String detail) {
        return new ApiException(
                ErrorCode.NO_RECIPIENTS, detail, "'parley peers' and 'parley groups' show who there is");
    }
}
