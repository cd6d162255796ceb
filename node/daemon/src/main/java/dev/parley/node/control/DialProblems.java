package dev.parley.node.control;

import dev.parley.admin.ErrorCode;
import dev.parley.node.net.DialOutcome;

/** What a dial that came to nothing is called in the contract. */
final class DialProblems {
    private DialProblems() {}

    static ErrorCode code(DialOutcome.Kind kind) {
        return switch (kind) {
            case CONNECTED -> throw new IllegalArgumentException("a dial that succeeded is no problem");
            case FAILED -> ErrorCode.DIAL_FAILED;
            case TIMED_OUT -> ErrorCode.TIMED_OUT;
            case BUSY -> ErrorCode.PEER_BUSY;
            case AWAITING_APPROVAL -> ErrorCode.AWAITING_APPROVAL;
            case NOT_TRUSTED -> ErrorCode.NOT_TRUSTED;
            case NOT_CERTIFIED -> ErrorCode.PEER_NOT_CERTIFIED;
            case BLOCKED -> ErrorCode.BLOCKED;
            case BLOCKED_HERE -> ErrorCode.PEER_STATE;
            case KEY_CHANGED -> ErrorCode.PEER_KEY_CHANGED;
            case MISMATCH -> ErrorCode.PEER_MISMATCH;
            case CONNECTED_TO_SELF -> ErrorCode.CONNECTED_TO_SELF;
            case STOPPING -> ErrorCode.NODE_STOPPING;
        };
    }

    /** @param kept whether the node goes on dialing the address by itself */
    static ApiException of(DialOutcome outcome, String address, boolean kept) {
        return new ApiException(
                code(outcome.kind()), address + ": " + outcome.detail(), kept ? keeps(address) : hint(outcome.kind()));
    }

    private static String keeps(String address) {
        return "the node keeps trying; 'parley disconnect " + address + "' ends that";
    }

    private static String hint(DialOutcome.Kind kind) {
        return switch (kind) {
            case AWAITING_APPROVAL -> "have the peer's operator approve this node, then connect again";
            case NOT_TRUSTED, BLOCKED -> "ask the peer's operator";
            case NOT_CERTIFIED ->
                "give it a certificate of an authority that this node trusts, or let it in by its id: 'parley peers add'";
            case BLOCKED_HERE -> "approve the peer first if it was blocked by mistake";
            case KEY_CHANGED, MISMATCH -> "compare the peer's id with its operator over another channel";
            case FAILED, TIMED_OUT -> "check the address, and that the peer is running";
            case BUSY -> "try again in a moment";
            case CONNECTED, CONNECTED_TO_SELF, STOPPING -> null;
        };
    }
}
