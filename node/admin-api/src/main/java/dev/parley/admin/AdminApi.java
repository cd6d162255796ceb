package dev.parley.admin;

/** What the node and its clients agree on before the first request. */
public final class AdminApi {
    /** The major version of this contract; it changes only when an older client would misunderstand a reply. */
    public static final int VERSION = 1;

    /** Sent by clients with every request and by the node with every reply: the sender's {@link #VERSION}. */
    public static final String VERSION_HEADER = "Parley-Api-Version";

    /** The path that all resources are below. */
    public static final String BASE = "/v1";

    /** Media type of the streams: one JSON object a line. */
    public static final String NDJSON = "application/x-ndjson";

    /** Media type of every error (RFC 9457). */
    public static final String PROBLEM_JSON = "application/problem+json";

    /** The longest body of one message, in bytes: 1 MiB. */
    public static final int MAX_MESSAGE_BYTES = 1 << 20;

    /** Media type of files and backups, which are streamed in both directions. */
    public static final String BYTES = "application/octet-stream";

    /** Header of {@code GET /v1/files/{id}/content}: SHA-256 of the whole, 64 hex digits. */
    public static final String SHA256_HEADER = "Parley-Sha256";

    /** The longest life of a message that is not delivered, in days (a limit of the protocol). */
    public static final int MAX_LIFE_DAYS = 60;

    /** The longest media type of a message, in characters (a limit of the protocol). */
    public static final int MAX_MEDIA_TYPE = 255;

    /** Seconds between two heartbeat lines of an event stream. */
    public static final int HEARTBEAT_SECONDS = 10;

    private AdminApi() {}
}
