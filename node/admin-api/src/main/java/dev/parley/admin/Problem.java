package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * An error, as RFC 9457 shapes it.
 *
 * @param type {@code urn:parley:error:} and the code
 * @param title a few words, the same for each code
 * @param status the HTTP status
 * @param detail what was wrong this time, one line
 * @param code the {@linkplain ErrorCode#code() code} of an {@link ErrorCode}; a newer node may send others
 * @param hint what to do about it, one line; absent where there is nothing to say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(String type, String title, int status, String detail, String code, String hint) {
    /** @param hint may be null */
    public static Problem of(ErrorCode code, String detail, String hint) {
        return new Problem("urn:parley:error:" + code.code(), code.title(), code.status(), detail, code.code(), hint);
    }
}
