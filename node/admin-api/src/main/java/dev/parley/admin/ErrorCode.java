package dev.parley.admin;

import java.util.Locale;
import java.util.Optional;

/** Every error that the admin socket answers with. The {@linkplain #code() code} is stable; titles may be reworded. */
public enum ErrorCode {
    MALFORMED_REQUEST(400, "malformed request", "The body is not JSON, or not of the shape that the resource expects"),
    UNKNOWN_FIELD(400, "unknown field", "The body has a field that this version of the node does not know"),
    INVALID_VALUE(400, "invalid value", "A field or parameter is missing, out of its range or of the wrong type"),
    API_VERSION_MISMATCH(400, "API version mismatch", "The client and the node speak different versions of this API"),
    CALLER_NOT_ALLOWED(403, "caller not allowed", "The node does not serve this user at all"),
    PERMISSION_DENIED(
            403, "permission denied", "The node serves this user, but not for this: it needs another permission"),
    NOT_FOUND(404, "no such resource", "The path is not one of this API"),
    PEER_NOT_FOUND(404, "no such peer", "No known peer has this alias or id"),
    ADDRESS_NOT_FOUND(404, "nothing held against the address", "No cost of strangers is held against this address"),
    SESSION_NOT_FOUND(404, "no such session", "No live session has this id"),
    CONNECTION_NOT_FOUND(404, "no such connection", "The node keeps no connection to this address or peer"),
    MESSAGE_NOT_FOUND(404, "no such message", "The node knows no message with this id"),
    GROUP_NOT_FOUND(404, "no such group", "No group has this name"),
    TRANSFER_NOT_FOUND(404, "no such transfer", "The node knows no transfer of a file with this id"),
    METHOD_NOT_ALLOWED(405, "method not allowed", "The resource exists, the method does not"),
    NOT_ACCEPTABLE(406, "not acceptable", "The resource is not available in a media type that the request accepts"),
    PEER_AMBIGUOUS(409, "ambiguous peer", "More than one known peer has an id that begins like this"),
    ALIAS_TAKEN(409, "alias taken", "Another peer has this alias"),
    PEER_STATE(
            409,
            "not possible in this state",
            "The peer's state does not allow this, for example sending to a blocked peer"),
    NO_RECIPIENTS(409, "no recipients", "A broadcast, or a message to a group, has nobody to go to"),
    GROUP_EXISTS(409, "group exists", "There is a group of this name already"),
    MESSAGE_STATE(409, "not possible in this state", "The message is on its way or has ended: it cannot be taken back"),
    TRANSFER_STATE(409, "not possible in this state", "The transfer's state does not allow this"),
    CONNECTED_TO_SELF(409, "connected to self", "The address leads to this node itself"),
    PEER_KEY_CHANGED(409, "peer key changed", "A known peer's address answered with another key: possibly an attack"),
    PEER_NOT_CERTIFIED(409, "peer not certified", "No certificate lets the peer in (trust mode ca)"),
    OTHER_KEY(409, "another key", "The key that answered in the peer's place is another than the one that was named"),
    SAFETY_MISMATCH(
            409, "safety number differs", "What was read is not the safety number, or the words, of the two keys"),
    IDENTITY_STATE(409, "not possible now", "The node's identity, or what is prepared for it, does not allow this"),
    PEER_MISMATCH(409, "peer mismatch", "The address answered with another id than the one expected"),
    MESSAGE_TOO_LARGE(413, "message too large", "The message is longer than a message may be"),
    FILE_TOO_LARGE(413, "file too large", "The file is longer than a file may be"),
    REQUEST_TOO_LARGE(413, "request too large", "The body of the request is longer than the node reads"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported media type", "The body's Content-Type is not the one that is expected"),
    BACKUP_INVALID(422, "not a backup of this node", "The file is damaged, or not a backup of this node's store"),
    IDENTITY_INVALID(422, "not an identity", "The file is no exported identity key, or the passphrase is another"),
    INTERNAL_ERROR(500, "internal error", "The node failed; its log has the cause under the reference in the detail"),
    DIAL_FAILED(502, "dial failed", "No session came up: the address does not answer, or the handshake failed"),
    NOT_TRUSTED(502, "not trusted by the peer", "The peer does not let this node in"),
    AWAITING_APPROVAL(502, "awaiting approval by the peer", "The peer's operator has to approve this node first"),
    BLOCKED(502, "blocked", "The peer has blocked this node"),
    PEER_BUSY(503, "peer busy", "The peer has no room for another session or handshake now"),
    NODE_BUSY(503, "node busy", "This node has reached one of its own limits"),
    NODE_STOPPING(503, "node is stopping", "The node takes no new work because it is shutting down"),
    TIMED_OUT(504, "timed out", "The peer did not answer in time"),
    QUOTA_REACHED(507, "quota reached", "As much waits, or is kept, as the node's settings allow"),
    STORE_FULL(507, "no room on the disk", "The disk is full, or nearly: nothing was taken");

    private final int status;
    private final String title;
    private final String description;

    ErrorCode(int status, String title, String description) {
        this.status = status;
        this.title = title;
        this.description = description;
    }

    /** The stable name, kebab-case: {@code peer-not-found}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The HTTP status, 400 to 599. */
    public int status() {
        return status;
    }

    /** A few words for people, lower case. */
    public String title() {
        return title;
    }

    /** One sentence for the documentation. */
    public String description() {
        return description;
    }

    /** The constant with this {@linkplain #code() code}; empty for one of a newer node. */
    public static Optional<ErrorCode> of(String code) {
        for (ErrorCode each : values()) {
            if (each.code().equals(code)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
