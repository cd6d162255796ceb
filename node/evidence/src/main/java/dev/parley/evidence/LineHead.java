package dev.parley.evidence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What every line begins with. Written in one form alone, so that it is read without a JSON parser.
 *
 * @param time UTC with microseconds, {@value #TIME_LENGTH} characters; two of them compare as text
 * @param seq number of the line, from 1 over all files
 * @param prev SHA-256 over the line before; zeros in line 1; null in a line that is not chained
 * @param event the event's name
 */
public record LineHead(String time, long seq, byte[] prev, String event) {
    /** Length of a hash in bytes. */
    public static final int HASH = 32;
    /** Length of a time in characters. */
    public static final int TIME_LENGTH = 27;
    /** A head is never longer than so many bytes. */
    public static final int MAX_LENGTH = 256;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern FORM = Pattern.compile(
            "\\{\"time\":\"(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z)\",\"seq\":([1-9]\\d{0,17}),"
                    + "(?:\"prev\":\"([\\w-]{43})\",)?\"level\":\"[A-Z]{1,16}\",\"event\":\"([A-Z0-9_]{1,64})\"[,}].*",
            Pattern.DOTALL);

    /** What line 1 has for the hash of the line before. */
    public static byte[] noLine() {
        return new byte[HASH];
    }

    /** SHA-256, which every Java has. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** The time as lines have it; what is below a microsecond is cut off. */
    public static String time(Instant time) {
        return TIME.format(time);
    }

    /**
     * Reads the beginning of a line.
     *
     * @param line at least the first {@value #MAX_LENGTH} bytes of it, or all
     * @return null if no line begins like that
     */
    public static LineHead parse(byte[] line, int length) {
        var text = new String(line, 0, Math.min(length, MAX_LENGTH), StandardCharsets.ISO_8859_1);
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        byte[] prev = null;
        if (matcher.group(3) != null) {
            prev = Base64Url.parse(matcher.group(3));
            if (prev == null) {
                return null;
            }
        }
        return new LineHead(matcher.group(1), Long.parseLong(matcher.group(2)), prev, matcher.group(4));
    }

    /** The text of a line up to and with the event's name, without what ends the object. */
    static String text(String time, long seq, byte[] prev, String level, String event) {
        return "{\"time\":\"" + time + "\",\"seq\":" + seq + ",\"prev\":\"" + Base64Url.of(prev) + "\",\"level\":\""
                + level + "\",\"event\":\"" + event + "\"";
    }
}
