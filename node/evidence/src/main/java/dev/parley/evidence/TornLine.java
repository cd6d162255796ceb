package dev.parley.evidence;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line by which a node says, when it starts again, that a crash has torn the line before: its length and its hash. The torn line
 * is left in its place and is no part of the chain, this one follows the last whole line.
 *
 * @param size of the torn line in bytes
 * @param hash SHA-256 over it
 */
public record TornLine(long size, byte[] hash) {
    /** The event's name. */
    public static final String EVENT = "TORN_LINE";
    /** No such line is longer. */
    static final int MAX_LENGTH = 512;

    private static final Pattern FORM = Pattern.compile(
            ".*\"event\":\"" + EVENT + "\",\"size\":([1-9]\\d{0,17}),\"sha256\":\"([\\w-]{43})\"}", Pattern.DOTALL);

    /** The hash as the line has it. */
    public String sha256() {
        return Base64Url.of(hash);
    }

    /** Null if the line, whose head was read, says no such thing. */
    static TornLine parse(byte[] line, int length) {
        if (length > MAX_LENGTH) {
            return null;
        }
        Matcher matcher = FORM.matcher(new String(line, 0, length, StandardCharsets.ISO_8859_1));
        byte[] hash = matcher.matches() ? Base64Url.parse(matcher.group(2)) : null;
        return hash == null ? null : new TornLine(Long.parseLong(matcher.group(1)), hash);
    }
}
