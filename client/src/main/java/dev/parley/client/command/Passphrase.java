package dev.parley.client.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** A passphrase: asked for without echo, or the first line of a file; never an argument, which every user could list. */
final class Passphrase {
    private static final int AT_LEAST = 12;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Take the first line of FILE as the passphrase, instead of asking.")
    private Path file;

    /** UTF-8, for the caller to wipe. @param twice whether a new one is asked for, to be typed twice */
    byte[] read(Context context, boolean twice) throws IOException {
        byte[] bytes = file != null ? firstLine() : asked(context, twice);
        if (bytes.length == 0) {
            throw Failure.usage("the passphrase is empty", null);
        }
        return bytes;
    }

    private byte[] firstLine() throws IOException {
        byte[] all = Files.readAllBytes(file);
        try {
            int end = 0;
            while (end < all.length && all[end] != '\n') {
                end++;
            }
            return Arrays.copyOf(all, end > 0 && all[end - 1] == '\r' ? end - 1 : end);
        } finally {
            Arrays.fill(all, (byte) 0);
        }
    }

    private static byte[] asked(Context context, boolean twice) throws IOException {
        if (!context.terminal().interactive() || context.json()) {
            throw Failure.usage("nobody can be asked for the passphrase", "pass --passphrase-file");
        }
        char[] first = context.askSecret("passphrase: ");
        char[] second = twice ? context.askSecret("once more: ") : first;
        try {
            if (first == null || second == null) {
                throw Failure.usage("no passphrase was given", "pass --passphrase-file");
            }
            if (twice && first.length < AT_LEAST) {
                throw Failure.usage(
                        "the passphrase is too short: at least " + AT_LEAST + " characters",
                        "several words that were drawn by lot are good ones");
            }
            if (!Arrays.equals(first, second)) {
                throw Failure.usage("the two are not the same", null);
            }
            ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(first));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            Arrays.fill(encoded.array(), (byte) 0);
            return bytes;
        } finally {
            wipe(first);
            wipe(second);
        }
    }

    private static void wipe(char[] secret) {
        if (secret != null) {
            Arrays.fill(secret, '\0');
        }
    }
}
