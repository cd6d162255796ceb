package dev.parley.node.net;

import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.audit.HandshakeEvent;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.session.Ticks;
import dev.parley.node.trust.AddressKey;
import dev.parley.node.trust.TrustPolicy;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.Ending;
import dev.parley.protocol.Task;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import java.util.Optional;
import java.util.function.Supplier;

/** A connection that came: its peer is a stranger until READY has opened, and only then is looked up. */
final class InboundPeer extends PeerOwner {

    /**
     * What all inbound connections share.
     *
     * @param closed why nobody is let in now, if so
     */
    record Shared(
            SessionRegistry sessions,
            StrangersAudit audit,
            TrustPolicy trust,
            PeerWork work,
            HalfOpen<PeerConnection> halfOpen,
            TrustedAddresses trusted,
            Penalties penalties,
            Refusals refusals,
            int sessionsAtMost,
            Supplier<Optional<Failure>> closed) {}

    private final Shared shared;
    private final AddressKey address;
    private final Penalties.Tab tab;

    InboundPeer(Shared shared, AddressKey address) {
        super(Role.RESPONDER, shared.sessions(), shared.audit().connection(address));
        this.shared = shared;
        this.address = address;
        this.tab = shared.penalties().open(address);
        tab.charge(Costs.CONNECTION);
    }

    @Override
    public void task(PeerConnection connection, Task task) {
        boolean first =
                shared.trusted().contains(address) && !shared.penalties().isHeldBack(address);
        if (!shared.work().forStranger(connection, address, task, tab, first)) {
            tab.charge(Costs.OVER_QUOTA);
            audit().record(new HandshakeEvent.QuotaExceeded(
                    connection.number(), connection.remoteAddress(), "RSA unwraps of the address"));
        }
    }

    @Override
    void handshake(PeerConnection connection, ChannelEvent event) {
        if (event instanceof ChannelEvent.InitiatorProved proved) {
            shared.halfOpen().remove(address, connection);
            decide(connection, proved.peer());
        }
    }

    @Override
    boolean confirmed(PeerConnection connection, Identity peer) {
        return true;
    }

    @Override
    String alias(PeerId peer) {
        return shared.trust().alias(peer).orElse(null);
    }

    @Override
    void up(PeerConnection connection, Session session) {
        shared.trusted().add(address);
        tab.forgive();
        closeIfBlocked(session, shared.trust());
    }

    @Override
    void over(PeerConnection connection, Ending ending) {
        shared.halfOpen().remove(address, connection);
        if (session() != null) {
            shared.trusted().remove(address);
            return;
        }
        double cost = Costs.of(ending, connection.bytesIn());
        if (cost > 0) {
            tab.charge(cost);
        }
    }

    private void decide(PeerConnection connection, Identity peer) {
        switch (shared.trust().decide(peer, connection.remoteAddress(), Role.RESPONDER, audit())) {
            case ADMIT -> {
                Optional<Failure> closed = shared.closed().get();
                if (closed.isPresent()) {
                    connection.channel().close(closed.get(), "", Ticks.now());
                } else if (shared.sessions().size() >= shared.sessionsAtMost()) {
                    shared.refusals().add(Refusals.Reason.SESSIONS);
                    connection.channel().close(Failure.BUSY, "", Ticks.now());
                } else {
                    connection.channel().admit(Ticks.now());
                }
            }
            case PENDING -> connection.channel().turnAway(Failure.AWAITING_APPROVAL, Ticks.now());
            case REFUSE -> connection.channel().turnAway(Failure.NOT_TRUSTED, Ticks.now());
            case BLOCKED -> connection.channel().turnAway(Failure.BLOCKED, Ticks.now());
        }
    }
}
