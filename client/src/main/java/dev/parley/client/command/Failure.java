package dev.parley.client.command;

import dev.parley.admin.ErrorCode;
import dev.parley.admin.Problem;
import dev.parley.client.http.TransportException;
import dev.parley.client.json.JsonException;
import dev.parley.client.node.BadReplyException;
import dev.parley.client.node.ProblemException;
import dev.parley.client.text.Plain;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ends a command: an exit code, one line that says what was wrong and, where there is one, what to do about it. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final String code;
    private final String hint;

    /**
     * @param code stable name, kebab-case, for programs
     * @param hint may be null
     */
    public Failure(int exitCode, String code, String message, String hint) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.code = code;
        this.hint = hint;
    }

    public static Failure usage(String message, String hint) {
        return new Failure(ExitCode.USAGE, "usage", message, hint);
    }

    public int exitCode() {
        return exitCode;
    }

    /** Null where there is nothing to say. */
    public String hint() {
        return hint;
    }

    Map<String, Object> forPrograms() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("code", code);
        fields.put("detail", getMessage());
        if (hint != null) {
            fields.put("hint", hint);
        }
        fields.put("exitCode", exitCode);
        return fields;
    }

    /** The failure that an exception of a call means to the user. */
    public static Failure of(Exception e) {
        return switch (e) {
            case Failure failure -> failure;
            case ProblemException refusal -> of(refusal);
            case TransportException broken -> of(broken);
            case BadReplyException _, JsonException _ ->
                new Failure(ExitCode.FAILED, "bad-reply", e.getMessage(), "use the client that came with the node");
            case FileSystemException file -> new Failure(ExitCode.FAILED, "file", what(file), null);
            default ->
                new Failure(
                        ExitCode.FAILED,
                        "failed",
                        e.getMessage() == null ? e.getClass().getSimpleName() : Plain.line(e.getMessage()),
                        null);
        };
    }

    /** Their own message is often the path alone. */
    private static String what(FileSystemException e) {
        String path = "'" + Plain.line(e.getFile()) + "'";
        return switch (e) {
            case NoSuchFileException _ -> "there is no " + path;
            case AccessDeniedException _ -> path + " may not be read or written by this user";
            case FileAlreadyExistsException _ -> "there is " + path + " already";
            default -> path + ": " + (e.getReason() == null ? "failed" : Plain.line(e.getReason()));
        };
    }

    private static Failure of(ProblemException refusal) {
        Problem problem = refusal.problem();
        String message = Plain.line(problem.detail() == null ? problem.title() : problem.detail());
        String hint = problem.hint() == null ? null : Plain.line(problem.hint());
        int exitCode = refusal.code().map(Failure::exitCode).orElse(ExitCode.REFUSED);
        return new Failure(exitCode, Plain.line(problem.code()), message, hint);
    }

    private static int exitCode(ErrorCode code) {
        return switch (code) {
            case PEER_NOT_FOUND,
                    ADDRESS_NOT_FOUND,
                    SESSION_NOT_FOUND,
                    CONNECTION_NOT_FOUND,
                    MESSAGE_NOT_FOUND,
                    GROUP_NOT_FOUND,
                    TRANSFER_NOT_FOUND,
                    PEER_AMBIGUOUS -> ExitCode.NOT_FOUND;
            case TIMED_OUT -> ExitCode.TIMED_OUT;
            case PEER_KEY_CHANGED, PEER_MISMATCH, PEER_NOT_CERTIFIED, OTHER_KEY, SAFETY_MISMATCH ->
                ExitCode.NOT_TRUSTED;
            case INTERNAL_ERROR -> ExitCode.FAILED;
            default -> ExitCode.REFUSED;
        };
    }

    private static Failure of(TransportException e) {
        String message = Plain.line(e.getMessage());
        return switch (e.kind()) {
            case UNREACHABLE ->
                new Failure(
                        ExitCode.UNREACHABLE,
                        "unreachable",
                        message,
                        "is the node running? start it with `parley node` in the same directory, or name its socket with --socket");
            case DENIED ->
                new Failure(
                        ExitCode.UNREACHABLE,
                        "denied",
                        message,
                        "it is for the user that runs the node, root, and a group if the node was given one: become one of these, or name another socket with --socket");
            case BAD_PATH ->
                new Failure(
                        ExitCode.USAGE,
                        "bad-path",
                        message,
                        "give a shorter path, or one relative to the working directory");
            case TIMED_OUT ->
                new Failure(ExitCode.TIMED_OUT, "timed-out", message, "is the node overloaded? its log may say more");
            case CUT_OFF ->
                new Failure(ExitCode.UNREACHABLE, "cut-off", message, "was the node stopped? its log may say more");
            case MALFORMED ->
                new Failure(ExitCode.FAILED, "bad-reply", message, "name the node's own socket with --socket");
        };
    }
}
