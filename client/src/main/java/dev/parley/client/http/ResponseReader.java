package dev.parley.client.http;

import dev.parley.client.http.TransportException.Kind;
import dev.parley.client.http.UnixConnection.Deadline;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads one HTTP/1.1 response (RFC 9112). Strict: what it does not understand is an error, never a guess, and nothing
 * grows past its limit.
 */
final class ResponseReader {
    /** All header lines together, in bytes. */
    private static final int MAX_HEAD = 64 * 1024;

    private static final int MAX_HEADERS = 100;

    private final UnixConnection connection;
    private int status;
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** Bytes left of the body, or of the chunk. */
    private long left;

    private boolean chunked;
    private boolean untilClose;
    private boolean atEnd;
    private boolean firstChunk = true;

    ResponseReader(UnixConnection connection) {
        this.connection = connection;
    }

    /** Reads up to the body, past interim responses. */
    void readHead(Deadline deadline) throws TransportException {
        do {
            readStatusAndHeaders(deadline);
        } while (status / 100 == 1);
        String encoding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        if (encoding != null && length != null) {
            throw malformed("both Content-Length and Transfer-Encoding");
        }
        if (encoding != null) {
            if (!encoding.equalsIgnoreCase("chunked")) {
                throw malformed("an unknown Transfer-Encoding");
            }
            chunked = true;
        } else if (status == 204 || status == 304) {
            atEnd = true;
        } else if (length != null) {
            left = number(length, 10, "Content-Length");
            atEnd = left == 0;
        } else {
            untilClose = true;
        }
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Whether the body goes on until the connection closes, so that a cut one looks like a whole one. */
    boolean endsUnannounced() {
        return untilClose;
    }

    private void readStatusAndHeaders(Deadline deadline) throws TransportException {
        headers.clear();
        int[] budget = {MAX_HEAD};
        String line = line(budget, deadline);
        // "HTTP/1.1 200 OK"; the reason may be missing, the space before it too.
        boolean wellFormed = line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?");
        if (!wellFormed) {
            throw malformed("no HTTP status line");
        }
        status = Integer.parseInt(line.substring(9, 12));
        for (line = line(budget, deadline); !line.isEmpty(); line = line(budget, deadline)) {
            int colon = line.indexOf(':');
            if (colon < 1 || line.charAt(0) <= ' ' || line.charAt(colon - 1) <= ' ') {
                throw malformed("a broken header line");
            }
            String name = line.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            String before = headers.put(name, value);
            boolean framing = name.equals("content-length") || name.equals("transfer-encoding");
            if (framing && before != null) {
                throw malformed("a repeated " + name);
            }
            if (headers.size() > MAX_HEADERS) {
                throw malformed("more than " + MAX_HEADERS + " headers");
            }
        }
    }

    /** Up to {@code to.length} bytes of the body; at least one, or -1 at its proper end. */
    int read(byte[] to, Deadline deadline) throws TransportException {
        if (chunked && left == 0 && !atEnd) {
            nextChunk(deadline);
        }
        if (atEnd) {
            return -1;
        }
        int want = untilClose ? to.length : (int) Math.min(to.length, left);
        int count = connection.read(to, 0, want, deadline);
        if (count < 0) {
            if (untilClose) {
                atEnd = true;
                return -1;
            }
            throw new TransportException(Kind.CUT_OFF, "the node went away in the middle of its answer");
        }
        if (!untilClose) {
            left -= count;
            atEnd = left == 0 && !chunked;
        }
        return count;
    }

    /** The whole body as UTF-8. */
    String body(int limit, Deadline deadline) throws TransportException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int count = read(buffer, deadline); count >= 0; count = read(buffer, deadline)) {
            all.write(buffer, 0, count);
            if (all.size() > limit) {
                throw malformed("an answer of more than " + limit + " bytes");
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private void nextChunk(Deadline deadline) throws TransportException {
        int[] budget = {1024};
        if (!firstChunk && !line(budget, deadline).isEmpty()) {
            throw malformed("a chunk that does not end where it says");
        }
        firstChunk = false;
        String size = line(budget, deadline);
        int extension = size.indexOf(';');
        left = number(extension < 0 ? size : size.substring(0, extension).strip(), 16, "chunk size");
        if (left == 0) {
            int[] trailer = {MAX_HEAD};
            while (!line(trailer, deadline).isEmpty()) {
                // Trailer fields mean nothing to us.
            }
            atEnd = true;
        }
    }

    private static long number(String text, int radix, String what) throws TransportException {
        String digits = radix == 16 ? "[0-9a-fA-F]{1,15}" : "[0-9]{1,18}";
        if (!text.matches(digits)) {
            throw malformed("a broken " + what);
        }
        return Long.parseLong(text, radix);
    }

    /** One line without its CRLF, as ISO 8859-1. */
    private String line(int[] budget, Deadline deadline) throws TransportException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            int c = connection.read(deadline);
            if (c < 0) {
                throw new TransportException(Kind.CUT_OFF, "the node closed the connection without an answer");
            }
            if (--budget[0] < 0) {
                throw malformed("headers of more than " + MAX_HEAD + " bytes");
            }
            if (c == '\n') {
                int end = line.length() - 1;
                if (end < 0 || line.charAt(end) != '\r') {
                    throw malformed("a line that does not end in CRLF");
                }
                line.setLength(end);
                return line.toString();
            }
            line.append((char) c);
        }
    }

    static TransportException malformed(String what) {
        return new TransportException(
                Kind.MALFORMED, "what answers on the socket is not a Parley node: it sent " + what);
    }
}
