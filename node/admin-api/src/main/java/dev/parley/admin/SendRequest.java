package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * {@code POST /v1/messages}. Exactly one of {@code to} and {@code broadcast}, exactly one of {@code text} and
 * {@code bodyBase64}.
 *
 * @param to alias, PeerId, unique prefix of a PeerId, or {@code @} and the name of a group
 * @param broadcast true to send to every trusted peer, present or absent
 * @param connected true to leave out, of a broadcast or a group, the peers that are not connected now
 * @param mediaType 1 to 255 characters of printable ASCII; absent: {@code text/plain; charset=utf-8} for a text,
 *     {@code application/octet-stream} otherwise; a body of {@code application/json} or {@code ...+json} has to be JSON
 * @param text the body, sent as UTF-8, at most {@link AdminApi#MAX_MESSAGE_BYTES} bytes
 * @param bodyBase64 the body in base64 with padding (RFC 4648 section 4), decoded at most
 *     {@link AdminApi#MAX_MESSAGE_BYTES} bytes
 * @param expiresIn ISO 8601 duration after which an undelivered message is given up, from PT1S to P60D; absent: P60D
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SendRequest(
        String to,
        Boolean broadcast,
        Boolean connected,
        String mediaType,
        String text,
        String bodyBase64,
        String expiresIn) {
    /** A request with one recipient and a text. */
    public static SendRequest text(String to, String text) {
        return new SendRequest(to, null, null, null, text, null, null);
    }
}
