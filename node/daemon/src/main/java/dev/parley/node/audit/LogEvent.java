package dev.parley.node.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Of the log itself, and of its seals. */
public sealed interface LogEvent extends AuditEvent {

    @Audited(
            "All lines before are sealed: signed by the key that the checkpoint before announced, by the identity, or by both, as the reason says (FIRST, RENEWED: identity; ROTATED: both; SUCCESSION: both, and `previous`, the identity before). `next` is the key of the next checkpoint.")
    record Checkpoint(
            String reason,
            String next,
            String signature,
            String identity,
            String identitySignature,
            String previous,
            String previousSignature)
            implements LogEvent {
        static Checkpoint of(dev.parley.evidence.Checkpoint made) {
            return new Checkpoint(
                    made.reason().name(),
                    text(made.next()),
                    text(made.signature()),
                    text(made.identity()),
                    text(made.identitySignature()),
                    text(made.previous()),
                    text(made.previousSignature()));
        }

        private static String text(byte[] value) {
            return value == null
                    ? null
                    : Base64.getUrlEncoder().withoutPadding().encodeToString(value);
        }
    }

    @Audited(
            value = "A crash has torn the line above, which is no part of the chain: its length and its hash.",
            level = Level.WARN)
    record TornLine(long size, String sha256) implements LogEvent {
        static TornLine of(dev.parley.evidence.TornLine torn) {
            return new TornLine(torn.size(), torn.sha256());
        }
    }

    @Audited(
            value = "The log is not the one that was sealed last, or its key is gone: the chain of keys begins anew.",
            level = Level.ALARM)
    record LogChainBroken(String problem) implements LogEvent {}

    @Audited("The node has verified its own log: so many lines hold, and nothing was found that does not.")
    record LogVerified(long lines, long checkpoints, long lastSeq, Duration after) implements LogEvent {}

    @Audited(
            value = "The node has verified its own log, and it does not hold: where it breaks first, and how.",
            level = Level.ALARM)
    record LogNotIntact(long findings, String problem) implements LogEvent {}

    @Audited(
            value = "The clock was set back by more than a second since the line before; this line has the new time.",
            level = Level.WARN)
    record ClockSetBack(Instant was) implements LogEvent {}

    @Audited(
            value =
                    "net.log could not be written. Until it could, sessions were closed and refused, or the node went on without it.",
            level = Level.ALARM)
    record AuditResumed(String onFailure, String problem, Instant since) implements LogEvent {}
}
