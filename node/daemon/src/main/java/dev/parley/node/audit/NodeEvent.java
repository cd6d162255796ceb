package dev.parley.node.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The life of the node itself. */
public sealed interface NodeEvent extends AuditEvent {

    @Audited("The process has begun and holds its data directory.")
    record NodeStarted(String version, long pid, String java, Path dataDir) implements NodeEvent {}

    @Audited("There was no identity key: one was made and stored.")
    record IdentityCreated(String peer, int bits) implements NodeEvent {}

    @Audited(
            "The operator has had another identity key prepared, which takes effect at the next start; how: rotated (it is named"
                    + " by the present one) or imported.")
    record IdentityPrepared(String peer, String nextPeer, String how) implements NodeEvent {}

    @Audited("The operator has had the prepared identity key destroyed before it took effect.")
    record IdentityPreparationCancelled(String peer, String nextPeer) implements NodeEvent {}

    @Audited(
            value =
                    "The node has another identity key from this start on; how: rotated (peers that knew the old one accept it"
                            + " until the end of the grace period) or imported. The old private key is overwritten after this line.",
            level = Level.WARN)
    record IdentityRotated(String peer, String previousPeer, String how, Instant graceEnd) implements NodeEvent {}

    @Audited(value = "The operator was given the identity key, encrypted under a passphrase.", level = Level.WARN)
    record IdentityExported(String peer) implements NodeEvent {}

    @Audited("CREDENTIALS.txt was missing and has been written with the default address.")
    record CredentialsWritten(Path file, String address) implements NodeEvent {}

    @Audited(value = "A setting is odd but does not keep the node from starting.", level = Level.WARN)
    record ConfigWarning(String key, String problem) implements NodeEvent {}

    @Audited(value = "A setting is wrong: the node does not start.", level = Level.WARN)
    record ConfigError(String key, String problem) implements NodeEvent {}

    @Audited(value = "Another process has the port: the node does not start.", level = Level.WARN)
    record PortInUse(String address, int port) implements NodeEvent {}

    @Audited(value = "The node does not start, for another reason.", level = Level.WARN)
    record StartFailed(int exitCode, String problem) implements NodeEvent {}

    @Audited("The node takes connections at this address.")
    record ListenerOpened(String address) implements NodeEvent {}

    @Audited("The node takes no connections any more.")
    record ListenerClosed(String address) implements NodeEvent {}

    @Audited("The node is ready: peers can connect, the admin socket answers.")
    record NodeReady(
            String peer,
            String listen,
            Path adminSocket,
            int managementPort,
            List<String> suites,
            String trustMode,
            Duration after)
            implements NodeEvent {}

    @Audited("The node was told to stop.")
    record NodeStopping(String reason) implements NodeEvent {}

    @Audited(
            "All sessions are closed for the stop; late of them were still waiting for an acknowledgement, or owed one, when time"
                    + " was up: their messages go out again on the next session.")
    record NodeDrained(int sessions, int late, Duration after) implements NodeEvent {}

    @Audited("The last line of an orderly stop.")
    record NodeStopped(Duration after) implements NodeEvent {}

    @Audited(value = "Something failed inside the node that should not have.", level = Level.ALARM)
    record InternalError(String where, String problem) implements NodeEvent {
        /** Names the failure by its type alone: a message may quote input or a secret. */
        public static InternalError of(String where, Throwable failure) {
            return new InternalError(where, failure.getClass().getName());
        }
    }

    @Audited(value = "Events were lost because net.log could not be written as fast as they came.", level = Level.ALARM)
    record AuditLost(long events) implements NodeEvent {}
}
