package dev.parley.protocol.wire;

/** Why a handshake or session ended: the one list of codes of REJECT, ALERT and CLOSE (section 4, "Failing"). */
public enum Failure {
    NORMAL(0, "closed normally"),
    NO_COMMON_VERSION_OR_SUITE(1, "no common version or suite"),
    MALFORMED(2, "malformed"),
    /** Every cryptographic failure, undifferentiated on purpose. */
    HANDSHAKE_FAILED(3, "handshake failed"),
    NOT_TRUSTED(4, "not trusted"),
    AWAITING_APPROVAL(5, "awaiting approval"),
    BLOCKED(6, "blocked"),
    BUSY(7, "busy"),
    SHUTTING_DOWN(8, "shutting down"),
    TIMED_OUT(9, "timed out"),
    CONNECTED_TO_SELF(10, "connected to self"),
    IDLE(11, "idle"),
    REPLACED(12, "another session stays"),
    /** A code that this version does not know; never sent. */
    UNKNOWN(255, "unknown code");

    private final int code;
    private final String text;

    Failure(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** Returns the code on the wire, one byte. */
    public int code() {
        return code;
    }

    /** Returns what people and the audit log are told. */
    public String text() {
        return text;
    }

    /** Returns the failure of a code, {@link #UNKNOWN} for one that is not in the list. */
    public static Failure of(int code) {
        for (Failure failure : values()) {
            if (failure.code == code) {
                return failure;
            }
        }
        return UNKNOWN;
    }
}
