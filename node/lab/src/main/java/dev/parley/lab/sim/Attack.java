package dev.parley.lab.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Somebody on the path who changes the bytes of a connection: everything that can be done to them without a key. */
final class Attack {
    /** REJECT 3 with no reason, which anybody can send. */
    private static final byte[] REJECT = {0x0f, 0, 0, 1, 3};

    private static final int KINDS = 7;
    private static final int REMEMBERED = 64;

    private final SplittableRandom random;
    private final double often;
    private final List<byte[]> seen = new ArrayList<>();

    /** @param often probability that a piece is touched */
    Attack(SplittableRandom random, double often) {
        this.random = random;
        this.often = often;
    }

    /** What becomes of a piece: itself alone where it is left as it is. Null ends the direction. */
    List<byte[]> treat(byte[] piece) {
        if (seen.size() < REMEMBERED) {
            seen.add(piece);
        } else {
            seen.set(random.nextInt(REMEMBERED), piece);
        }
        if (random.nextDouble() >= often) {
            return List.of(piece);
        }
        return switch (random.nextInt(KINDS)) {
            case 0 -> List.of(flip(piece));
            case 1 -> List.of();
            case 2 -> List.of(noise(), piece);
            case 3 -> List.of(piece, seen.get(random.nextInt(seen.size())));
            case 4 -> List.of(REJECT, piece);
            case 5 -> List.of(java.util.Arrays.copyOf(piece, random.nextInt(piece.length)));
            default -> null;
        };
    }

    private byte[] flip(byte[] piece) {
        byte[] changed = piece.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        return changed;
    }

    private byte[] noise() {
        byte[] bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            // As a record's header would have it.
            bytes[0] = 0x10;
            if (bytes.length > 2) {
                bytes[1] = 0;
                bytes[2] = 0;
            }
        }
        return bytes;
    }
}
