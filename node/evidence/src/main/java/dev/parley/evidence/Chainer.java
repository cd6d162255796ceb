package dev.parley.evidence;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Makes lines follow each other again, as a forger has to who has changed one. */
final class Chainer {
    private final MessageDigest digest = LineHead.sha256();
    private long seq;
    private byte[] head;

    /** @param seq and {@code head}: of the line before the next one */
    Chainer(long seq, byte[] head) {
        this.seq = seq;
        this.head = head;
    }

    long nextSeq() {
        return seq + 1;
    }

    byte[] head() {
        return head;
    }

    /** The line with the next number and the hash of the line before it; a line that is none is left as it is. */
    byte[] chain(byte[] line) {
        var was = LineHead.parse(line, line.length);
        if (was == null || was.prev() == null) {
            return line;
        }
        var out = new ByteArrayOutputStream(line.length + 16);
        int after = indexAfterPrev(line);
        out.writeBytes(
                ("{\"time\":\"" + was.time() + "\",\"seq\":" + nextSeq() + ",\"prev\":\"" + Base64Url.of(head) + '"')
                        .getBytes(StandardCharsets.US_ASCII));
        out.write(line, after, line.length - after);
        return follow(out.toByteArray());
    }

    /** Takes a line that is right as it is. */
    byte[] follow(byte[] line) {
        seq++;
        head = digest.digest(line);
        return line;
    }

    private static int indexAfterPrev(byte[] line) {
        var text = new String(line, 0, Math.min(line.length, LineHead.MAX_LENGTH), StandardCharsets.ISO_8859_1);
        return text.indexOf(",\"level\":");
    }
}
