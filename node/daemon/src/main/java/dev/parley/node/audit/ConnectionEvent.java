package dev.parley.node.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Transport connections, before anything is known of who is at the other end. {@code connection} counts from 1. */
public sealed interface ConnectionEvent extends AuditEvent {

    @Audited("A TCP connection is up. Role responder: the other side connected.")
    record ConnectionOpened(long connection, Role role, String local, String remote) implements ConnectionEvent {}

    @Audited("A TCP connection has ended.")
    record ConnectionClosed(long connection, Role role, String remote, long bytesIn, long bytesOut, String cause)
            implements ConnectionEvent {}

    @Audited("This node dials. Without a peer the dial goes on with whoever answers.")
    record DialStarted(String address, String peer, int attempt) implements ConnectionEvent {}

    @Audited(value = "A dial came to nothing.", level = Level.WARN)
    record DialFailed(String address, String peer, int attempt, String cause) implements ConnectionEvent {}

    @Audited(
            "The name in DNS that peers are found by has other addresses than before: how many of them came and went, how many there are, whether there are more than are taken (1,024), and the first 32 that came and went.")
    record PeersDiscovered(
            String name,
            int found,
            int gone,
            int total,
            boolean cut,
            List<String> foundAddresses,
            List<String> goneAddresses)
            implements ConnectionEvent {}

    @Audited(
            value =
                    "The name in DNS that peers are found by is not resolved; the addresses known before stay. Told once until it is resolved again.",
            level = Level.WARN)
    record DiscoveryFailed(String name, String problem, int known) implements ConnectionEvent {}

    @Audited("The name in DNS that peers are found by is resolved again.")
    record DiscoveryRecovered(String name, Duration after) implements ConnectionEvent {}

    @Audited(
            value =
                    "An address (or the /64 of it) whose strangers have cost so much is held back: its new connections are refused, unless trusted peers come from there.",
            level = Level.WARN)
    record PenaltyBegun(String source, long cost) implements ConnectionEvent {}

    @Audited(
            "An address is held back no longer, after so many refused connections: its cost has decayed, the operator has forgiven it, or it was forgotten to remember others.")
    record PenaltyEnded(String source, String by, Duration after, long refused) implements ConnectionEvent {}

    @Audited(
            "The operator has forgiven an address (or the /64 of it) what its strangers have cost, whether it was held back or not.")
    record CostForgiven(String source, long cost, boolean heldBack) implements ConnectionEvent {}

    @Audited(
            value =
                    "What a flood of connections from one address (or the /64 of it) left out of the log: how many events of each kind between two times. Nobody behind them was let in. The source is \"others\" for addresses beyond those told apart.",
            level = Level.WARN)
    record StrangersSuppressed(
            String source,
            Instant first,
            Instant last,
            long connectionsOpened,
            long handshakesStarted,
            long quotasExceeded,
            long handshakesFailed,
            long handshakesRejected,
            long handshakesCompleted,
            long peersNotQueued,
            long peersRevoked,
            long sessionsRefused,
            long connectionsClosed,
            long penaltiesBegun,
            long penaltiesEnded)
            implements ConnectionEvent {}
}
