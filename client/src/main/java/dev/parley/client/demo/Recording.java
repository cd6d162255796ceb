package dev.parley.client.demo;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What passed over one TCP connection, both ways: all that an eavesdropper has. Safe for several threads. */
final class Recording {
    /** Seen from the side that dialed. */
    enum Direction {
        OUT,
        BACK
    }

    /**
     * One frame as the wire shows it: {@code type u8 | length u24 | body} (PSP/1 section 3).
     *
     * @param name the type's name
     * @param length bytes of the body
     * @param bytes the whole frame
     */
    record Frame(String name, int length, byte[] bytes) {}

    private static final int HEADER = 4;

    private final Map<Direction, ByteArrayOutputStream> seen = new EnumMap<>(Direction.class);

    Recording() {
        for (Direction each : Direction.values()) {
            seen.put(each, new ByteArrayOutputStream());
        }
    }

    synchronized void add(Direction direction, byte[] bytes, int length) {
        seen.get(direction).write(bytes, 0, length);
    }

    synchronized byte[] bytes(Direction direction) {
        return seen.get(direction).toByteArray();
    }

    /** Bytes that passed, both ways together. */
    synchronized long size() {
        return seen.values().stream().mapToLong(ByteArrayOutputStream::size).sum();
    }

    /** Whether these bytes passed in a row, in either direction. */
    boolean contains(byte[] needle) {
        for (Direction each : Direction.values()) {
            if (indexOf(bytes(each), needle) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** The whole frames of one direction in order; a part of a frame at the end is left out. */
    List<Frame> frames(Direction direction) {
        byte[] all = bytes(direction);
        List<Frame> frames = new ArrayList<>();
        int at = 0;
        while (at + HEADER <= all.length) {
            int length = (all[at + 1] & 0xff) << 16 | (all[at + 2] & 0xff) << 8 | all[at + 3] & 0xff;
            int end = at + HEADER + length;
            if (end > all.length) {
                break;
            }
            frames.add(new Frame(name(all[at]), length, java.util.Arrays.copyOfRange(all, at, end)));
            at = end;
        }
        return frames;
    }

    private static String name(byte type) {
        return switch (type) {
            case 0x01 -> "HELLO";
            case 0x02 -> "ACCEPT";
            case 0x03 -> "IDENTIFY";
            case 0x04 -> "CONFIRM";
            case 0x0E -> "ALERT";
            case 0x0F -> "REJECT";
            case 0x10 -> "RECORD";
            default -> "type %02x".formatted(type);
        };
    }

    /** Shannon entropy of the bytes' frequencies, in bits a byte: 0 to 8. */
    static double entropy(byte[] bytes) {
        int[] counts = new int[256];
        for (byte each : bytes) {
            counts[each & 0xff]++;
        }
        double entropy = 0;
        for (int count : counts) {
            if (count > 0) {
                double p = (double) count / bytes.length;
                entropy -= p * Math.log(p) / Math.log(2);
            }
        }
        return entropy;
    }

    static int indexOf(byte[] haystack, byte[] needle) {
        if (needle.length == 0) {
            throw new IllegalArgumentException("an empty needle is everywhere");
        }
        outer:
        for (int at = 0; at <= haystack.length - needle.length; at++) {
            for (int i = 0; i < needle.length; i++) {
                if (haystack[at + i] != needle[i]) {
                    continue outer;
                }
            }
            return at;
        }
        return -1;
    }
}
