package dev.parley.node.audit;

import java.util.UUID;

/** What peers vouch for of each other's logs, and of messages. */
public sealed interface WitnessEvent extends AuditEvent {

    @Audited(
            value =
                    "What a peer says of its log contradicts what it has signed before: that log was cut, put back or written anew, or the signature is wrong. The numbers are of lines, the hashes base64url.",
            level = Level.ALARM)
    record WitnessConflict(
            UUID session, String peer, String problem, long line, String hash, long heldLine, String heldHash)
            implements WitnessEvent {}

    @Audited("A peer has asked which heads of its log this node holds.")
    record WitnessAsked(UUID session, String peer, int heads) implements WitnessEvent {}

    @Audited(
            "This node has signed for a peer that a message of it came. The line is the one that tells of that; 0: it is gone.")
    record ReceiptSigned(UUID message, String peer, UUID session, long line) implements WitnessEvent {}

    @Audited("A peer has asked for a receipt and got none.")
    record ReceiptNotSigned(UUID message, String peer, UUID session, String detail) implements WitnessEvent {}

    @Audited("The operator had a proof made for a message.")
    record ProofMade(UUID message, String peer, boolean receipt) implements WitnessEvent {}
}
