package dev.parley.node.net;

import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.FleetEvent;
import dev.parley.node.net.DialOutcome.Kind;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.session.Ticks;
import dev.parley.node.trust.TrustPolicy;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.Ending;
import dev.parley.protocol.Task;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A connection that this node dialed. Says once what came of the dial; the session then lives on without it. */
final class OutboundPeer extends PeerOwner {

    /** What all dials share. */
    record Shared(SessionRegistry sessions, AuditLog audit, TrustPolicy trust, PeerWork work) {}

    /**
     * Whom a dial is for.
     *
     * @param expected who must answer; empty: whoever does
     * @param byOperator whether the operator said so just now, or the node remembers it
     * @param acceptNew whether an unknown peer is trusted at once
     */
    record Goal(HostPort address, Optional<PeerId> expected, boolean byOperator, boolean acceptNew) {}

    private final Shared shared;
    private final Goal goal;
    private final CompletableFuture<DialOutcome> outcome;
    private Optional<Identity> peer = Optional.empty();

    OutboundPeer(Shared shared, Goal goal, CompletableFuture<DialOutcome> outcome) {
        super(Role.INITIATOR, shared.sessions(), shared.audit());
        this.shared = shared;
        this.goal = goal;
        this.outcome = outcome;
    }

    @Override
    public void task(PeerConnection connection, Task task) {
        shared.work().own(connection, task);
    }

    @Override
    void handshake(PeerConnection connection, ChannelEvent event) {
        switch (event) {
            case ChannelEvent.ResponderNamed named -> answered(connection, named.claimed());
            case ChannelEvent.Authenticated authenticated -> proved(connection, authenticated.peer());
            default -> throw new IllegalStateException("not an initiator's");
        }
    }

    @Override
    boolean confirmed(PeerConnection connection, Identity identity) {
        return shared.trust().isTrusted(identity.peerId());
    }

    @Override
    String alias(PeerId id) {
        return shared.trust().alias(id).orElse(null);
    }

    @Override
    void up(PeerConnection connection, Session session) {
        closeIfBlocked(session, shared.trust());
        finish(Kind.CONNECTED, "session is up", Optional.of(session));
    }

    @Override
    void over(PeerConnection connection, Ending ending) {
        finish(kindOf(ending), describe(ending), Optional.empty());
    }

    /** Nothing is proved yet: decides only whether our identity may be shown to the key that answered. */
    private void answered(PeerConnection connection, Identity claimed) {
        PeerId id = claimed.peerId();
        boolean another = goal.expected().isPresent() && !goal.expected().get().equals(id);
        // Who names a successor vouches for it; an operator who names an id means that one.
        if (another
                && (goal.byOperator()
                        || !shared.trust().isSuccessor(goal.expected().get(), claimed))) {
            peer = Optional.of(claimed);
            if (goal.byOperator()) {
                finish(
                        Kind.MISMATCH,
                        "expected " + goal.expected().get() + ", but " + id + " answered",
                        Optional.empty());
            } else {
                shared.trust().keyChanged(goal.expected().get(), goal.address().toString(), id);
                finish(
                        Kind.KEY_CHANGED,
                        "known there is " + goal.expected().get() + ", but " + id + " answered",
                        Optional.empty());
            }
            connection.channel().turnAway(Failure.NOT_TRUSTED, Ticks.now());
        } else if (shared.trust().isBlocked(id)) {
            peer = Optional.of(claimed);
            finish(Kind.BLOCKED_HERE, "this node has blocked " + id, Optional.empty());
            connection.channel().turnAway(Failure.BLOCKED, Ticks.now());
        } else {
            connection.channel().proceed(Ticks.now());
        }
    }

    private void proved(PeerConnection connection, Identity identity) {
        peer = Optional.of(identity);
        Optional<TrustPolicy.Refusal> refusal = shared.trust().refusal(identity, goal.acceptNew());
        if (refusal.isPresent()) {
            refuse(connection, identity, refusal.get());
            return;
        }
        shared.trust().met(identity, goal.address().toString(), goal.acceptNew());
    }

    private void refuse(PeerConnection connection, Identity identity, TrustPolicy.Refusal refusal) {
        String id = identity.peerId().toString();
        shared.audit()
                .record(
                        refusal.revoked().isPresent()
                                ? new FleetEvent.PeerRevoked(
                                        id,
                                        null,
                                        connection.remoteAddress(),
                                        refusal.revoked().get().toString())
                                : new FleetEvent.PeerNotCertified(id, connection.remoteAddress(), refusal.reason()));
        finish(Kind.NOT_CERTIFIED, "this node does not let " + id + " in: " + refusal.reason(), Optional.empty());
        connection.channel().close(Failure.NOT_TRUSTED, "", Ticks.now());
    }

    private void finish(Kind kind, String detail, Optional<Session> session) {
        outcome.complete(new DialOutcome(
                kind,
                detail,
                peer.map(Identity::peerId),
                peer.map(Identity::name).orElse(""),
                session));
    }

    /** Anybody on the path can send a REJECT: it is a hint for people, and never what trust or pins are changed for. */
    private static Kind kindOf(Ending ending) {
        if (ending.how() == Ending.How.REJECTED_BY_PEER) {
            return switch (ending.failure()) {
                case BUSY, SHUTTING_DOWN -> Kind.BUSY;
                case TIMED_OUT -> Kind.TIMED_OUT;
                default -> Kind.FAILED;
            };
        }
        return switch (ending.failure()) {
            case NOT_TRUSTED -> Kind.NOT_TRUSTED;
            case AWAITING_APPROVAL -> Kind.AWAITING_APPROVAL;
            case BLOCKED -> Kind.BLOCKED;
            case BUSY, SHUTTING_DOWN -> Kind.BUSY;
            case TIMED_OUT -> Kind.TIMED_OUT;
            case CONNECTED_TO_SELF -> Kind.CONNECTED_TO_SELF;
            default -> Kind.FAILED;
        };
    }

    private static String describe(Ending ending) {
        String what = ending.failure().text();
        return switch (ending.how()) {
            case REJECTED_BY_PEER, ALERTED_BY_PEER, CLOSED_BY_PEER ->
                "the peer says: " + what + (ending.reason().isEmpty() ? "" : " (" + ending.reason() + ")");
            default -> ending.detail().isEmpty() ? what : ending.detail();
        };
    }
}
