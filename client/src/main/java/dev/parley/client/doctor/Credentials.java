package dev.parley.client.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * {@code CREDENTIALS.txt} as the node reads it: {@code <ipv4> <port>} on one line.
 *
 * @param host the node's default where there is a problem
 * @param problem null where there is none
 */
record Credentials(String host, int port, boolean missing, String problem) {
    private static final int MAX_BYTES = 4096;
    private static final String OCTET = "(0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])";

    static Credentials read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                return wrong("it is a directory");
            }
            if (Files.size(file) > MAX_BYTES) {
                return wrong("it is longer than " + MAX_BYTES + " bytes");
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
            if (text.isEmpty()) {
                return wrong("it is empty");
            }
            if (text.contains("\n")) {
                return wrong("there is more after the address");
            }
            String[] words = text.split("[ \\t]+");
            if (words.length != 2) {
                return wrong(
                        words.length > 2
                                ? "there are extra words"
                                : text.contains(":")
                                        ? "between address and port belongs a space"
                                        : "the port is missing");
            }
            if (!words[0].matches(OCTET + "(\\." + OCTET + "){3}")) {
                return wrong("the first word is not an IPv4 address");
            }
            if (!words[1].matches("\\d{1,5}")
                    || Integer.parseInt(words[1]) < 1
                    || Integer.parseInt(words[1]) > 65_535) {
                return wrong("the port is not a number from 1 to 65535");
            }
            return new Credentials(words[0], Integer.parseInt(words[1]), false, null);
        } catch (NoSuchFileException e) {
            return new Credentials("127.0.0.1", 3001, true, "there is none");
        } catch (IOException e) {
            return wrong("it cannot be read");
        }
    }

    private static Credentials wrong(String problem) {
        return new Credentials("127.0.0.1", 3001, false, problem);
    }
}
