package dev.parley.node.net;

import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.PeerListener;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import jakarta.enterprise.context.ApplicationScoped;

/** Puts the operator's decisions about peers into force on what is live: at once, not at the next handshake. */
@ApplicationScoped
public class PeerDecisions implements PeerListener {

    private final SessionRegistry sessions;
    private final Dialer dialer;

    PeerDecisions(SessionRegistry sessions, Dialer dialer) {
        this.sessions = sessions;
        this.dialer = dialer;
    }

    @Override
    public void approved(KnownPeer peer) {
        sessions.confirm(peer.id());
        dialer.retryNow(peer.id());
    }

    @Override
    public void blocked(KnownPeer peer) {
        dialer.forget(peer.id());
        sessions.close(peer.id(), Failure.BLOCKED, "");
    }

    @Override
    public void succeeded(KnownPeer old, KnownPeer next) {
        replaced(old, next);
    }

    @Override
    public void keyAccepted(KnownPeer old, KnownPeer next) {
        replaced(old, next);
    }

    @Override
    public void suspended(KnownPeer peer, PeerId other, String remote) {
        sessions.close(peer.id(), Failure.AWAITING_APPROVAL, "");
    }

    private void replaced(KnownPeer old, KnownPeer next) {
        dialer.expectInstead(old.id(), next.id());
        sessions.close(old.id(), Failure.NOT_TRUSTED, "superseded");
    }

    @Override
    public void forgotten(KnownPeer peer) {
        dialer.forget(peer.id());
        sessions.close(peer.id(), Failure.NOT_TRUSTED, "");
    }
}
