package dev.parley.node.control;

import dev.parley.admin.ErrorCode;
import dev.parley.admin.Problem;

/** Ends a request with a problem. Made for the caller's eyes: its text may hold what the caller sent, never a secret. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String hint;

    ApiException(ErrorCode code, String detail) {
        this(code, detail, null);
    }

    /** @param hint what to do about it, or null */
    ApiException(ErrorCode code, String detail, String hint) {
        super(detail, null, false, false);
        this.code = code;
        this.hint = hint;
    }

    ErrorCode code() {
        return code;
    }

    Problem problem() {
        return Problem.of(code, getMessage(), hint);
    }
}
