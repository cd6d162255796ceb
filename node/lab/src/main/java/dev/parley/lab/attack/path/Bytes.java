package dev.parley.lab.attack.path;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** What an eavesdropper counts. */
final class Bytes {
    /** So many standard deviations chi-squared is off its mean in less than one random sample of a billion. */
    static final double NOT_RANDOM = 8;

    private static final int BLOCK = 16;
    private static final int VALUES = 256;

    private Bytes() {}

    /** Where {@code part} begins first, -1 if nowhere. */
    static int indexOf(byte[] all, byte[] part) {
        for (int i = 0; i <= all.length - part.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }

    /** How many of the 16 bytes from each position on have been there before. */
    static int repeatedBlocks(byte[] bytes) {
        Set<String> seen = new HashSet<>();
        int repeated = 0;
        for (int i = 0; i + BLOCK <= bytes.length; i++) {
            String block = new String(bytes, i, BLOCK, java.nio.charset.StandardCharsets.ISO_8859_1);
            if (!seen.add(block)) {
                repeated++;
            }
        }
        return repeated;
    }

    /** Shannon's, in bits for a byte: 8 at most. */
    static double entropy(byte[] bytes) {
        double sum = 0;
        for (long count : counts(bytes)) {
            if (count > 0) {
                double p = (double) count / bytes.length;
                sum -= p * Math.log(p) / Math.log(2);
            }
        }
        return sum;
    }

    /** How far chi-squared of the byte values is above what random bytes have, in standard deviations. */
    static double oddness(byte[] bytes) {
        if (bytes.length < VALUES * 5) {
            return 0;
        }
        double expected = (double) bytes.length / VALUES;
        double chi = 0;
        for (long count : counts(bytes)) {
            chi += (count - expected) * (count - expected) / expected;
        }
        int degrees = VALUES - 1;
        return (chi - degrees) / Math.sqrt(2.0 * degrees);
    }

    private static long[] counts(byte[] bytes) {
        long[] counts = new long[VALUES];
        for (byte each : bytes) {
            counts[each & 0xFF]++;
        }
        return counts;
    }
}
