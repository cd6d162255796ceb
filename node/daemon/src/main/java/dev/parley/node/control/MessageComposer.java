package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.SendRequest;
import dev.parley.node.message.Messages;
import dev.parley.node.message.Outbox;
import dev.parley.node.message.OutgoingMessage;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerState;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Makes a message of a request, or says what is wrong with it. */
@ApplicationScoped
class MessageComposer {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BYTES = "application/octet-stream";

    private final Messages messages;
    private final SessionRegistry sessions;
    private final KnownPeers peers;

    MessageComposer(Messages messages, SessionRegistry sessions, KnownPeers peers) {
        this.messages = messages;
        this.sessions = sessions;
        this.peers = peers;
    }

    OutgoingMessage send(SendRequest request) {
        byte[] content = content(request);
        String mediaType = mediaType(request);
        boolean broadcast = Boolean.TRUE.equals(request.broadcast());
        if (broadcast == (request.to() != null)) {
            throw Parameters.invalid("the recipient", "either 'to' or 'broadcast': true");
        }
        List<PeerId> to = broadcast ? connected() : List.of(recipient(request.to()));
        try {
            return messages.send(broadcast ? Record.Scope.BROADCAST : Record.Scope.DIRECT, to, mediaType, content);
        } catch (Outbox.OutboxFullException full) {
            throw new ApiException(ErrorCode.NODE_BUSY, full.getMessage(), "wait until something is delivered");
        }
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
                    "a message has at most " + AdminApi.MAX_MESSAGE_BYTES + " bytes, this one has " + content.length);
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

    private PeerId recipient(String ref) {
        KnownPeer peer = peers.resolve(ref);
        if (!peer.state().isLetIn()) {
            throw new ApiException(
                    ErrorCode.PEER_STATE,
                    peer.state() == PeerState.BLOCKED ? "the peer is blocked" : "the peer awaits your approval",
                    "'parley peers approve " + peer.shown() + "' lets it in");
        }
        return peer.id();
    }

    private List<PeerId> connected() {
        List<PeerId> all = sessions.all().stream()
                .filter(session -> session.state() == Session.State.UP)
                .map(Session::peerId)
                .filter(peers::isTrusted)
                .distinct()
                .toList();
        if (all.isEmpty()) {
            throw new ApiException(ErrorCode.NO_RECIPIENTS, "no trusted peer is connected", "connect to one first");
        }
        return all;
    }
}
