package dev.parley.client.node;

import dev.parley.admin.ErrorCode;
import dev.parley.admin.Problem;
import java.io.IOException;
import java.util.Optional;

/** The node has refused; it says why in a {@link Problem}. */
public final class ProblemException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.title());
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    /** Empty if the node is newer than this client and has a code that is unknown here. */
    public Optional<ErrorCode> code() {
        return ErrorCode.of(problem.code());
    }

    public boolean is(ErrorCode code) {
        return code.code().equals(problem.code());
    }
}
