package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * {@code POST /v1/messages}. Exactly one of {@code to} and {@code broadcast}, exactly one of {@code text} and
 * {@code bodyBase64}.
 *
 * @param to alias, PeerId or unique prefix of a PeerId
 * @param broadcast true to send to every trusted peer that is connected
 * @param mediaType 1 to 255 characters of printable ASCII; absent: {@code text/plain; charset=utf-8} for a text,
 *     {@code application/octet-stream} otherwise
 * @param text the body, sent as UTF-8, at most {@link AdminApi#MAX_MESSAGE_BYTES} bytes
 * @param bodyBase64 the body in base64 with padding (RFC 4648 section 4), decoded at most
 *     {@link AdminApi#MAX_MESSAGE_BYTES} bytes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SendRequest(String to, Boolean broadcast, String mediaType, String text, String bodyBase64) {
    /** A request with one recipient and a text. */
    public static SendRequest text(String to, String text) {
        return new SendRequest(to, null, null, text, null);
    }
}
