package dev.parley.client.demo;

import dev.parley.admin.SendRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Something that one node sends to the other.
 *
 * @param mediaType what it is
 * @param body at least 48 bytes
 */
record Letter(String mediaType, byte[] body) {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int PICTURE_BYTES = 48 * 1024;

    static Letter text(String text) {
        return new Letter(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A large plain picture: the same few bytes again and again, which weak encryption lets shine through. */
    static Letter picture(String comment) {
        byte[] row = new byte[64];
        Arrays.fill(row, 16, 48, (byte) 0xff);
        ByteArrayOutputStream picture = new ByteArrayOutputStream();
        picture.writeBytes(("P4\n# " + comment + "\n512 768\n").getBytes(StandardCharsets.US_ASCII));
        while (picture.size() < PICTURE_BYTES) {
            picture.writeBytes(row);
        }
        return new Letter("image/x-portable-bitmap", picture.toByteArray());
    }

    boolean isText() {
        return mediaType.equals(TEXT);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The request that sends it. @param to null for everybody */
    SendRequest request(String to) {
        Boolean broadcast = to == null ? true : null;
        return isText()
                ? new SendRequest(to, broadcast, null, mediaType, text(), null, null)
                : new SendRequest(
                        to,
                        broadcast,
                        null,
                        mediaType,
                        null,
                        Base64.getEncoder().encodeToString(body),
                        null);
    }

    /** What must not be found where it is not meant to be: parts of the body, as they are and in base64. */
    List<byte[]> traces() {
        byte[] start = Arrays.copyOf(body, 33);
        return List.of(
                Arrays.copyOfRange(body, 8, 40),
                Arrays.copyOfRange(body, body.length - 32, body.length),
                Base64.getEncoder().encode(start));
    }
}
