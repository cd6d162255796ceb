package dev.parley.node.trust;

import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.FleetEvent;
import dev.parley.node.trust.Authorities.Invalid;
import dev.parley.node.trust.Authorities.Revoked;
import dev.parley.node.trust.Authorities.Standing;
import dev.parley.node.trust.Authorities.Valid;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.Optional;

/**
 * Who may connect, with trust mode {@code ca} taken into account; in the other modes {@link KnownPeers} alone decides. In mode ca:
 * whom the operator has blocked stays out; a revoked key stays out; whom the operator has approved gets in; anybody else gets in
 * exactly with a valid chain, and nobody waits for approval.
 */
@Alternative
@Priority(1)
@ApplicationScoped
public class FleetTrust implements TrustPolicy {

    private final KnownPeers known;
    private final Authorities authorities;
    private final AuditLog audit;

    FleetTrust(KnownPeers known, Authorities authorities, AuditLog audit) {
        this.known = known;
        this.authorities = authorities;
        this.audit = audit;
    }

    @Override
    public Decision decide(Identity peer, String remote, Role role, AuditLog connection) {
        if (!authorities.isEnabled() || known.isBlocked(peer.peerId())) {
            return known.decide(peer, remote, role, connection);
        }
        Standing standing = authorities.standing(peer);
        Optional<Refusal> refusal = refusal(peer, standing, false);
        if (refusal.isPresent()) {
            record(peer, remote, refusal.get(), connection);
            return Decision.REFUSE;
        }
        letIn(peer, remote, standing);
        return known.decide(peer, remote, role, connection);
    }

    @Override
    public Optional<Refusal> refusal(Identity peer, boolean acceptNew) {
        return authorities.isEnabled() ? refusal(peer, authorities.standing(peer), acceptNew) : Optional.empty();
    }

    @Override
    public void met(Identity peer, String address, boolean acceptNew) {
        if (authorities.isEnabled()) {
            letIn(peer, address, authorities.standing(peer));
        }
        known.met(peer, address, acceptNew);
    }

    @Override
    public boolean isSuccessor(PeerId peer, Identity claimed) {
        return known.isSuccessor(peer, claimed);
    }

    @Override
    public void keyChanged(PeerId peer, String address, PeerId other) {
        known.keyChanged(peer, address, other);
    }

    @Override
    public Optional<PeerId> knownAt(String address) {
        return known.knownAt(address);
    }

    @Override
    public Optional<String> alias(PeerId peer) {
        return known.alias(peer);
    }

    @Override
    public boolean isTrusted(PeerId peer) {
        return known.isTrusted(peer) && !(authorities.isEnabled() && authorities.isRevoked(peer));
    }

    @Override
    public boolean isBlocked(PeerId peer) {
        return known.isBlocked(peer);
    }

    private Optional<Refusal> refusal(Identity peer, Standing standing, boolean acceptNew) {
        if (standing instanceof Revoked revoked && revoked.key().equals(peer.peerId())) {
            return Optional.of(new Refusal(Optional.of(revoked.key()), "its key is revoked"));
        }
        if (isOperators(peer.peerId(), acceptNew)) {
            return Optional.empty();
        }
        return switch (standing) {
            case Valid valid -> Optional.empty();
            case Revoked revoked ->
                Optional.of(new Refusal(
                        Optional.of(revoked.key()), "the key of an authority above it is revoked: " + revoked.key()));
            case Invalid invalid -> Optional.of(new Refusal(Optional.empty(), invalid.reason()));
        };
    }

    /** Whether the operator has said that this peer is let in, or says so now. */
    private boolean isOperators(PeerId peer, boolean acceptNew) {
        Optional<KnownPeer> before = known.get(peer);
        return before.filter(each -> each.state().isLetIn() && each.letInBy() == LetInBy.OPERATOR)
                        .isPresent()
                || acceptNew
                        && before.map(each -> each.state() == PeerState.PENDING).orElse(true);
    }

    /** A valid certificate that is there counts, also where it is not needed. */
    private void letIn(Identity peer, String remote, Standing standing) {
        if (standing instanceof Valid valid) {
            KnownPeer now = known.certified(peer, valid.names());
            audit.record(new FleetEvent.PeerCertified(
                    peer.peerId().toString(),
                    now.alias().orElse(null),
                    remote,
                    valid.names(),
                    valid.issuer(),
                    valid.serial(),
                    valid.notAfter()));
        }
    }

    private static void record(Identity peer, String remote, Refusal refusal, AuditLog connection) {
        String id = peer.peerId().toString();
        connection.record(
                refusal.revoked().isPresent()
                        ? new FleetEvent.PeerRevoked(
                                id, null, remote, refusal.revoked().get().toString())
                        : new FleetEvent.PeerNotCertified(id, remote, refusal.reason()));
    }
}
