package dev.parley.node.audit;

import java.util.UUID;

/** Messages. {@code epoch} and {@code n} place the record in its direction of the session. */
public sealed interface MessageEvent extends AuditEvent {

    @Audited("A message was taken from the operator, to be sent.")
    record MessageQueued(UUID message, String peer, String scope, long size) implements MessageEvent {}

    @Audited("A message was written to a session: the whole frame as it is on the wire.")
    record MessageSent(
            UUID message, String peer, UUID session, long epoch, long n, String scope, long size, byte[] ciphertext)
            implements MessageEvent {
        @Override
        public int weight() {
            return 512 + ciphertext.length;
        }
    }

    @Audited("A message has come and opened: the whole frame as it was on the wire.")
    record MessageReceived(
            UUID message, String peer, UUID session, long epoch, long n, String scope, long size, byte[] ciphertext)
            implements MessageEvent {
        @Override
        public int weight() {
            return 512 + ciphertext.length;
        }
    }

    @Audited("A message came a second time and was not delivered again.")
    record MessageDuplicate(UUID message, String peer, UUID session) implements MessageEvent {}

    @Audited("The peer has acknowledged a message.")
    record MessageAcknowledged(UUID message, String peer, UUID session, int status) implements MessageEvent {}

    @Audited(value = "A message was refused: by the peer, or by this node.", level = Level.WARN)
    record MessageRefused(UUID message, String peer, UUID session, Party by, int status, String detail)
            implements MessageEvent {}

    @Audited(value = "A message will not be delivered: no session, given up, or cancelled.", level = Level.WARN)
    record MessageFailed(UUID message, String peer, String detail) implements MessageEvent {}
}
