package dev.parley.node.net;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.FleetEvent;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.TrustPolicy;
import dev.parley.node.trust.TrustPolicy.Refusal;
import dev.parley.protocol.wire.Failure;
import jakarta.enterprise.context.ApplicationScoped;

/** Ends sessions whose peer would not be let in any more: revoked, expired, or of an authority that is trusted no longer. */
@ApplicationScoped
public class FleetSessions {

    private final SessionRegistry sessions;
    private final TrustPolicy trust;
    private final AuditLog audit;

    FleetSessions(SessionRegistry sessions, TrustPolicy trust, AuditLog audit) {
        this.sessions = sessions;
        this.trust = trust;
        this.audit = audit;
    }

    /** Goes through all sessions; costs a look-up each, and a validation each after the authorities have changed. */
    public void sweep() {
        for (Session session : sessions.all()) {
            if (session.state() != Session.State.CLOSING) {
                trust.refusal(session.facts().peer(), false).ifPresent(refusal -> end(session, refusal));
            }
        }
    }

    private void end(Session session, Refusal refusal) {
        String peer = session.peerId().toString();
        String remote = session.facts().remoteAddress();
        audit.record(
                refusal.revoked().isPresent()
                        ? new FleetEvent.PeerRevoked(
                                peer,
                                session.id(),
                                remote,
                                refusal.revoked().get().toString())
                        : new FleetEvent.PeerCertificateLost(peer, session.id(), remote, refusal.reason()));
        session.close(Failure.NOT_TRUSTED, "");
    }
}
