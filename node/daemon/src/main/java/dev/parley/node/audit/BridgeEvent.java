package dev.parley.node.audit;

import java.util.UUID;

/** The bridge to a message broker. What passes it has lines of its own: MESSAGE_RECEIVED before, MESSAGE_QUEUED after. */
public sealed interface BridgeEvent extends AuditEvent {

    @Audited(
            "The bridge has a connection to its NATS server: messages that came are published there, in the clear for it.")
    record BridgeConnected(String url, String prefix, boolean tls) implements BridgeEvent {}

    @Audited(value = "The bridge has lost its connection, or got none; it keeps trying.", level = Level.WARN)
    record BridgeLost(String url, String detail) implements BridgeEvent {}

    @Audited(
            value = "What the broker handed over is no message that can be sent. It is not handed over again.",
            level = Level.WARN)
    record BridgeRejected(String stream, long sequence, Claim claimedTo, String reason) implements BridgeEvent {}

    @Audited(
            value = "A message that came is longer than the broker takes: a notice was published in its place.",
            level = Level.WARN)
    record BridgeOmitted(UUID message, String peer, long size, long most) implements BridgeEvent {}
}
