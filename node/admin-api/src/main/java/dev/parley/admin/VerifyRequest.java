package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * {@code POST /v1/peers/{ref}/verify}; the body may be left out.
 *
 * @param number the safety number as the peer's operator reads it, 60 digits, white space and dashes allowed; another than
 *     ours is refused, and nothing is marked
 * @param words the same for the six words
 * @param how how it was compared by people: {@code number}, {@code words} or {@code qr}; absent where nobody said
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerifyRequest(String number, String words, String how) {}
