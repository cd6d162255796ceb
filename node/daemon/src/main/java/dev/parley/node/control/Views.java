package dev.parley.node.control;

import dev.parley.admin.ConnectionInfo;
import dev.parley.admin.ConnectionState;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.GroupInfo;
import dev.parley.admin.HistoryEntry;
import dev.parley.admin.MessageInfo;
import dev.parley.admin.MessageScope;
import dev.parley.admin.OtherKeyInfo;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.PeerState;
import dev.parley.admin.SessionInfo;
import dev.parley.admin.SessionState;
import dev.parley.node.audit.Claim;
import dev.parley.node.message.Delivery;
import dev.parley.node.message.Groups;
import dev.parley.node.message.History;
import dev.parley.node.message.SentMessage;
import dev.parley.node.net.DialOutcome;
import dev.parley.node.net.Dialer;
import dev.parley.node.session.DuplicateWatch;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.session.Ticks;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Shows the node's own types as those of the contract. */
@ApplicationScoped
class Views {
    private static final int SAFETY_GROUP = 4;

    private final KnownPeers peers;
    private final SessionRegistry sessions;
    private final Outstanding outstanding;
    private final DuplicateWatch duplicates;

    Views(KnownPeers peers, SessionRegistry sessions, Outstanding outstanding, DuplicateWatch duplicates) {
        this.duplicates = duplicates;
        this.peers = peers;
        this.sessions = sessions;
        this.outstanding = outstanding;
    }

    /** The operator's name for a peer, or null. */
    String alias(PeerId peer) {
        return peers.alias(peer).orElse(null);
    }

    SessionInfo session(Session session) {
        Session.Facts facts = session.facts();
        long silence = Math.max(0, Ticks.now() - session.lastHeard());
        return new SessionInfo(
                session.id(),
                session.peerId().toString(),
                alias(session.peerId()),
                facts.remoteAddress(),
                facts.initiatedHere(),
                facts.suite().text(),
                SessionState.valueOf(session.state().name()),
                facts.since(),
                Instant.now().minusMillis(silence),
                session.epoch(),
                session.messagesSent.sum(),
                session.messagesReceived.sum(),
                session.bytesSent(),
                session.bytesReceived());
    }

    PeerInfo peer(KnownPeer peer) {
        return new PeerInfo(
                peer.id().toString(),
                peer.alias().orElse(null),
                claim(peer.claimedName()),
                PeerState.valueOf(peer.state().name()),
                peer.addresses(),
                peer.firstSeen(),
                peer.lastSeen().orElse(null),
                sessions.preferred(peer.id()).isPresent(),
                outstanding.unread(peer.id()),
                outstanding.waiting(peer.id()),
                safetyText(peer.id()),
                peer.keys().predecessor().map(PeerId::toString).orElse(null),
                peer.keys()
                        .other()
                        .map(each ->
                                new OtherKeyInfo(each.id().toString(), each.where(), each.firstSeen(), each.lastSeen()))
                        .orElse(null),
                duplicates
                        .duplicateOf(peer.id())
                        .map(where -> "two live nodes have this identity: " + where)
                        .orElse(null));
    }

    ConnectionInfo connection(Dialer.Status status) {
        Optional<Session> session = status.peer().flatMap(this::live);
        return new ConnectionInfo(
                status.address().toString(),
                status.peer().map(PeerId::toString).orElse(null),
                status.peer().map(this::alias).orElse(null),
                state(status, session.isPresent()),
                status.attempts(),
                status.nextAttempt().orElse(null),
                status.lastFailure()
                        .map(failure -> new ConnectionInfo.Failure(
                                status.lastFailureAt().orElse(null),
                                DialProblems.code(failure.kind()).code(),
                                failure.detail()))
                        .orElse(null),
                session.map(Session::id).orElse(null));
    }

    /** @param attempts whether to tell each time that it was sealed */
    MessageInfo message(SentMessage message, boolean attempts) {
        Map<DeliveryState, Integer> summary = new EnumMap<>(DeliveryState.class);
        var deliveries = message.deliveries().stream()
                .map(each -> delivery(each, attempts))
                .toList();
        deliveries.forEach(each -> summary.merge(each.state(), 1, Integer::sum));
        return new MessageInfo(
                message.id(),
                MessageScope.valueOf(message.scope().name()),
                message.group().isEmpty() ? null : message.group(),
                message.mediaType(),
                message.size(),
                message.createdAt(),
                message.expiresAt(),
                deliveries,
                summary);
    }

    dev.parley.admin.Delivery delivery(Delivery delivery, boolean attempts) {
        return new dev.parley.admin.Delivery(
                delivery.peer().toString(),
                alias(delivery.peer()),
                DeliveryState.valueOf(delivery.state().name()),
                delivery.queuedAt(),
                delivery.sentAt().orElse(null),
                delivery.endedAt().orElse(null),
                delivery.reason().orElse(null),
                attempts ? delivery.attempts().stream().map(Views::attempt).toList() : null);
    }

    HistoryEntry entry(History.Entry entry) {
        Optional<String> text = text(entry.mediaType(), entry.body());
        Optional<Delivery> delivery = entry.delivery();
        boolean in = delivery.isEmpty();
        return new HistoryEntry(
                entry.seq(),
                in ? HistoryEntry.Direction.IN : HistoryEntry.Direction.OUT,
                entry.id(),
                entry.peer().toString(),
                alias(entry.peer()),
                entry.at(),
                in ? entry.sentAt() : null,
                MessageScope.valueOf(entry.scope().name()),
                claim(entry.group()),
                entry.mediaType(),
                entry.body().length,
                text.orElse(null),
                text.isPresent() ? null : Base64.getEncoder().encodeToString(entry.body()),
                in ? entry.unread() : null,
                delivery.map(each -> DeliveryState.valueOf(each.state().name())).orElse(null),
                delivery.flatMap(Delivery::reason).orElse(null));
    }

    GroupInfo group(Groups.Group group) {
        return new GroupInfo(
                group.name(),
                group.madeAt(),
                group.members().stream()
                        .map(each -> new GroupInfo.Member(
                                each.toString(),
                                alias(each),
                                sessions.preferred(each).isPresent()))
                        .sorted(Comparator.comparing(
                                        GroupInfo.Member::alias, Comparator.nullsLast(Comparator.naturalOrder()))
                                .thenComparing(GroupInfo.Member::peerId))
                        .toList());
    }

    /** The text of a body that says that it is one, and is UTF-8. */
    static Optional<String> text(String mediaType, byte[] body) {
        if (!mediaType.toLowerCase(Locale.ROOT).startsWith("text/") && !isJson(mediaType)) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    static boolean isJson(String mediaType) {
        String type = mediaType.replaceAll(";.*", "").strip().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.endsWith("+json");
    }

    private static dev.parley.admin.Delivery.Attempt attempt(Delivery.Attempt attempt) {
        return new dev.parley.admin.Delivery.Attempt(attempt.at(), attempt.session(), attempt.epoch(), attempt.n());
    }

    /** Thirteen groups of four characters. */
    static String safetyText(PeerId peer) {
        return peer.toString().replaceAll("(.{" + SAFETY_GROUP + "})(?=.)", "$1 ");
    }

    /** What a peer says about itself, fit for one line; null where it says nothing. */
    static String claim(String text) {
        Claim claim = Claim.of(text);
        return claim == null ? null : claim.text();
    }

    /** A session that carries messages, or else one that waits for the operator. */
    private Optional<Session> live(PeerId peer) {
        return sessions.preferred(peer)
                .or(() -> sessions.of(peer).stream()
                        .filter(each -> each.state() == Session.State.UNCONFIRMED)
                        .findFirst());
    }

    private static ConnectionState state(Dialer.Status status, boolean connected) {
        if (connected) {
            return ConnectionState.CONNECTED;
        } else if (status.dialing()) {
            return ConnectionState.DIALING;
        }
        return status.lastFailure().map(DialOutcome::kind).orElse(null) == DialOutcome.Kind.AWAITING_APPROVAL
                ? ConnectionState.AWAITING_APPROVAL
                : ConnectionState.WAITING;
    }
}
