package dev.parley.node.control;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.Problem;
import dev.parley.node.audit.Claim;
import dev.parley.node.message.NoRoom;
import dev.parley.node.message.QuotaException;
import dev.parley.node.store.StoreException;
import dev.parley.node.trust.PeerException;
import jakarta.ws.rs.WebApplicationException;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The one place that turns failures into problems. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private Problems() {}

    static Problem of(Throwable failure, String method) {
        return switch (failure) {
            case ApiException ours -> ours.problem();
            case PeerException peer -> Problem.of(code(peer.reason()), peer.getMessage(), hint(peer.reason()));
            case IdentityKeeper.StateException state ->
                Problem.of(ErrorCode.IDENTITY_STATE, state.getMessage(), state.hint());
            case QuotaException full ->
                Problem.of(
                        ErrorCode.QUOTA_REACHED, full.getMessage(), "wait until something is delivered, or cancel it");
            case NoRoom full -> storeFull(full.getMessage());
            case StoreException.Full full -> storeFull(full.getMessage());
            case JacksonException json -> ofJson(json);
            case WebApplicationException web when web.getCause() instanceof ApiException ours -> ours.problem();
            case WebApplicationException web when web.getCause() instanceof JacksonException json -> ofJson(json);
            case WebApplicationException web -> ofStatus(web.getResponse().getStatus(), web, method);
            default -> internal(failure);
        };
    }

    /** For a status that the HTTP server or the REST layer chose by itself. */
    static Problem ofStatus(int status, Throwable failure, String method) {
        if (failure instanceof ApiException ours) {
            return ours.problem();
        }
        return switch (status) {
            case 400 -> Problem.of(ErrorCode.MALFORMED_REQUEST, "the request cannot be read", null);
            case 404 ->
                Problem.of(
                        ErrorCode.NOT_FOUND,
                        "this path is not one of the admin API",
                        "GET " + AdminApi.BASE + "/openapi lists all");
            case 405 -> Problem.of(ErrorCode.METHOD_NOT_ALLOWED, "this resource has no " + method, null);
            case 406 ->
                Problem.of(ErrorCode.NOT_ACCEPTABLE, "this resource comes in no media type that was accepted", null);
            case 413 -> requestTooLarge("it is longer").problem();
            case 415 ->
                Problem.of(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "the body is not declared as what this resource takes",
                        "send Content-Type: application/json, or application/octet-stream with a file");
            default -> internal(failure);
        };
    }

    private static Problem storeFull(String detail) {
        return Problem.of(
                ErrorCode.STORE_FULL,
                detail,
                "make room on the disk of the data directory; the node goes on by itself");
    }

    static ApiException requestTooLarge(String actual) {
        return new ApiException(
                ErrorCode.REQUEST_TOO_LARGE,
                "the body of a request may have " + AdminGuard.MAX_REQUEST_BYTES + " bytes, " + actual);
    }

    private static ErrorCode code(PeerException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> ErrorCode.PEER_NOT_FOUND;
            case AMBIGUOUS -> ErrorCode.PEER_AMBIGUOUS;
            case ALIAS_TAKEN -> ErrorCode.ALIAS_TAKEN;
            case INVALID -> ErrorCode.INVALID_VALUE;
            case STATE -> ErrorCode.PEER_STATE;
            case OTHER_KEY -> ErrorCode.OTHER_KEY;
            case SAFETY_MISMATCH -> ErrorCode.SAFETY_MISMATCH;
        };
    }

    private static String hint(PeerException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> "'parley peers' lists those that are known";
            case AMBIGUOUS -> "use more characters of the id, or an alias";
            case OTHER_KEY -> "compare the whole id with its operator over another channel";
            case SAFETY_MISMATCH ->
                "read it once more; if it stays different, somebody may be in between: block the peer";
            case ALIAS_TAKEN, INVALID, STATE -> null;
        };
    }

    private static Problem ofJson(JacksonException failure) {
        // A failure of the stream below the parser arrives as the cause.
        if (failure.getCause() instanceof ApiException ours) {
            return ours.problem();
        }
        return switch (failure) {
            case UnrecognizedPropertyException unknown ->
                Problem.of(
                        ErrorCode.UNKNOWN_FIELD,
                        "the field '" + new Claim(unknown.getPropertyName()).text() + "' is not known here",
                        "known fields: "
                                + unknown.getKnownPropertyIds().stream()
                                        .map(Object::toString)
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
            case MismatchedInputException mismatch
            when !mismatch.getPath().isEmpty() ->
                Problem.of(
                        ErrorCode.INVALID_VALUE,
                        "the field '" + path(mismatch) + "' is not " + wanted(mismatch.getTargetType()),
                        null);
            case MismatchedInputException mismatch
            when isTrailing(mismatch) ->
                Problem.of(ErrorCode.MALFORMED_REQUEST, "the body goes on after the end of its JSON", null);
            case MismatchedInputException ignored ->
                Problem.of(ErrorCode.MALFORMED_REQUEST, "the body is not a JSON object", null);
            case JsonMappingException mapping
            when !mapping.getPath().isEmpty() ->
                Problem.of(ErrorCode.INVALID_VALUE, "the field '" + path(mapping) + "' is not valid", null);
            default -> Problem.of(ErrorCode.MALFORMED_REQUEST, "the body is not JSON" + where(failure), null);
        };
    }

    private static boolean isTrailing(MismatchedInputException mismatch) {
        String message = mismatch.getOriginalMessage();
        return message != null && message.startsWith("Trailing token");
    }

    private static String path(JsonMappingException failure) {
        return new Claim(failure.getPath().stream()
                        .map(each -> each.getFieldName() == null ? "[" + each.getIndex() + "]" : each.getFieldName())
                        .collect(Collectors.joining("."))
                        .replace(".[", "["))
                .text();
    }

    private static String wanted(Class<?> type) {
        if (type == null) {
            return "what it should be";
        } else if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        } else if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a whole number in range";
        } else if (type == String.class) {
            return "a string";
        } else if (Iterable.class.isAssignableFrom(type)) {
            return "a list";
        }
        return "of the right type";
    }

    private static String where(JacksonException failure) {
        JsonLocation location = failure.getLocation();
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    /** The caller gets a reference and the log the cause: an exception's text may hold what is nobody's business. */
    private static Problem internal(Throwable failure) {
        String reference = UUID.randomUUID().toString();
        LOG.errorf(failure, "an admin request failed, reference %s", reference);
        return Problem.of(
                ErrorCode.INTERNAL_ERROR,
                "the node failed to answer, reference " + reference,
                "look for the reference in the node's log");
    }
}
