package dev.parley.client.json;

/** A text is not JSON, or not of the expected shape; the message says what and where, never the text itself. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public JsonException(String message) {
        super(message);
    }
}
