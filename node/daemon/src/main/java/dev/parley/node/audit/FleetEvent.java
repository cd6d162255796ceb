package dev.parley.node.audit;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Certificates: the node's own, and those of its peers in trust mode ca. */
public sealed interface FleetEvent extends AuditEvent {

    @Audited("The certificate authorities were read from their file; their keys, named as peers are.")
    record AnchorsLoaded(Path file, List<String> authorities) implements FleetEvent {}

    @Audited(
            value =
                    "The file of certificate authorities is missing or bad: those read before stay in force, and without any nobody is let in by a certificate.",
            level = Level.ALARM)
    record AnchorsRefused(Path file, String problem) implements FleetEvent {}

    @Audited("The list of revoked keys was read from its file.")
    record RevokedKeysLoaded(Path file, int keys) implements FleetEvent {}

    @Audited(
            value =
                    "The list of revoked keys is missing or bad: those read before stay revoked, and what can be read of it counts too; without any, nobody is let in by a certificate.",
            level = Level.ALARM)
    record RevokedKeysRefused(Path file, String problem) implements FleetEvent {}

    @Audited("The node's own certificate was read from its file and is shown in new sessions.")
    record CertificateLoaded(Path file, String subject, String serial, Instant notAfter) implements FleetEvent {}

    @Audited(
            value = "The file of the node's own certificate is missing or bad: the one read before is shown, if any.",
            level = Level.WARN)
    record CertificateRefused(Path file, String problem) implements FleetEvent {}

    @Audited(
            value =
                    "The node's own certificate expires soon or has expired; told at 30 and 7 days, or a third and a twelfth of its life if that is less, and at its end.",
            level = Level.WARN)
    record CertificateExpiring(Instant notAfter, long days) implements FleetEvent {}

    @Audited("The node signed a request for a certificate of its identity key.")
    record CertificateRequested(List<String> names) implements FleetEvent {}

    @Audited("A peer is let in by its certificate.")
    record PeerCertified(
            String peer,
            String alias,
            String remote,
            List<String> names,
            String issuer,
            String serial,
            Instant notAfter)
            implements FleetEvent {}

    @Audited(value = "An authenticated peer has no certificate that lets it in, and is refused.", level = Level.WARN)
    record PeerNotCertified(String peer, String remote, String detail) implements FleetEvent {}

    @Audited(
            value =
                    "A peer is refused, or its session closed, because its key or that of an authority above it is revoked.",
            level = Level.WARN)
    record PeerRevoked(String peer, UUID session, String remote, String revoked) implements FleetEvent {}

    @Audited(
            value =
                    "A session is closed because the peer's certificate lets it in no more: it has expired, or its authority is not trusted any longer.",
            level = Level.WARN)
    record PeerCertificateLost(String peer, UUID session, String remote, String detail) implements FleetEvent {}
}
