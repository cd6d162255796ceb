package dev.parley.lab.attack.path;

import java.util.Arrays;

/** Vaudenay's attack: decrypts AES-CBC with nothing but a receiver that tells whether the padding was right. */
final class Vaudenay {
    private static final int BLOCK = 16;
    private static final int TAG = 32;

    private Vaudenay() {}

    /** What a receiver says of a changed ciphertext. */
    enum Answer {
        GOOD_PADDING,
        BAD_PADDING,
        /** Nothing that would tell. */
        SILENCE
    }

    /** A receiver. */
    @FunctionalInterface
    interface Oracle {
        /** @param blocks an IV and one block of ciphertext */
        Answer ask(byte[] blocks) throws Exception;
    }

    /**
     * Decrypts {@code iv[16] | ciphertext | tag[32]}, block by block.
     *
     * @return the plaintext without its padding, null if the receiver does not tell
     */
    static byte[] decrypt(byte[] body, Oracle oracle) throws Exception {
        int end = body.length - TAG;
        if (end < 2 * BLOCK || end % BLOCK != 0) {
            return null;
        }
        byte[] plaintext = new byte[end - BLOCK];
        for (int block = BLOCK; block < end; block += BLOCK) {
            byte[] decrypted = decryptBlock(Arrays.copyOfRange(body, block, block + BLOCK), oracle);
            if (decrypted == null) {
                return null;
            }
            for (int i = 0; i < BLOCK; i++) {
                plaintext[block - BLOCK + i] = (byte) (decrypted[i] ^ body[block - BLOCK + i]);
            }
        }
        int padding = plaintext[plaintext.length - 1];
        return padding < 1 || padding > BLOCK ? plaintext : Arrays.copyOf(plaintext, plaintext.length - padding);
    }

    /** What the block cipher makes of a block, before the block before it is added. */
    private static byte[] decryptBlock(byte[] block, Oracle oracle) throws Exception {
        byte[] known = new byte[BLOCK];
        for (int at = BLOCK - 1; at >= 0; at--) {
            int padding = BLOCK - at;
            byte[] blocks = Arrays.copyOf(new byte[BLOCK], 2 * BLOCK);
            System.arraycopy(block, 0, blocks, BLOCK, BLOCK);
            for (int i = at + 1; i < BLOCK; i++) {
                blocks[i] = (byte) (known[i] ^ padding);
            }
            int found = find(blocks, at, oracle);
            if (found < 0) {
                return null;
            }
            known[at] = (byte) (found ^ padding);
        }
        return known;
    }

    private static int find(byte[] blocks, int at, Oracle oracle) throws Exception {
        for (int guess = 0; guess < 256; guess++) {
            blocks[at] = (byte) guess;
            Answer answer = oracle.ask(blocks);
            if (answer == Answer.SILENCE) {
                return -1;
            }
            if (answer == Answer.GOOD_PADDING && (at < BLOCK - 1 || isOneByte(blocks, oracle))) {
                return guess;
            }
        }
        return -1;
    }

    /** Whether the padding is 1, and not by chance 2 2 or longer: then another byte before it changes that. */
    private static boolean isOneByte(byte[] blocks, Oracle oracle) throws Exception {
        byte[] other = blocks.clone();
        other[BLOCK - 2] ^= 0x40;
        return oracle.ask(other) == Answer.GOOD_PADDING;
    }
}
