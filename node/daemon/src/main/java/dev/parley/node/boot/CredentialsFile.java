package dev.parley.node.boot;

import dev.parley.node.config.ConfigCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;

/**
 * {@code CREDENTIALS.txt}: where the node listens, as {@code <ipv4> <port>} on one line. White space around it is allowed,
 * nothing else.
 */
sealed interface CredentialsFile {
    /** What is used, and written, where there is no file. */
    String DEFAULT_HOST = "127.0.0.1";

    int DEFAULT_PORT = 3001;

    Path file();

    /** There is no such file. */
    record Missing(Path file) implements CredentialsFile {}

    /** The file is as it should be. */
    record Address(Path file, String host, int port) implements CredentialsFile {}

    /**
     * The file cannot be used.
     *
     * @param line where, from 1; 0 if the file as a whole is wrong
     */
    record Malformed(Path file, int line, String problem) implements CredentialsFile {
        @Override
        public String toString() {
            return file + (line > 0 ? ", line " + line : "") + ": " + problem
                    + ": expected \"<ipv4> <port>\", for example \"" + DEFAULT_HOST + " " + DEFAULT_PORT + "\"";
        }
    }

    /** Reads the file; whatever is wrong with it is in the result. */
    static CredentialsFile read(Path file) {
        return Parsing.read(file);
    }

    /** Writes the default address. The file appears whole or not at all. */
    static void writeDefault(Path file) throws IOException {
        var target = file.toAbsolutePath();
        var fresh =
                Files.createTempFile(target.getParent(), target.getFileName().toString(), ".new");
        try {
            Files.writeString(fresh, DEFAULT_HOST + " " + DEFAULT_PORT + System.lineSeparator());
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** From bytes to a result. */
    final class Parsing {
        /** Far more than an address and white space need; a larger file is some other file. */
        private static final int MAX_BYTES = 4096;

        private static final Pattern BLANKS = Pattern.compile("[ \\t]+");

        private Parsing() {}

        static CredentialsFile read(Path file) {
            try {
                if (Files.isDirectory(file)) {
                    return new Malformed(file, 0, "it is a directory");
                }
                if (Files.size(file) > MAX_BYTES) {
                    return new Malformed(file, 0, "it is longer than " + MAX_BYTES + " bytes");
                }
                var text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                        .toString();
                return parse(file, text);
            } catch (NoSuchFileException e) {
                return new Missing(file);
            } catch (CharacterCodingException e) {
                return new Malformed(file, 0, "it is not text");
            } catch (IOException e) {
                return new Malformed(file, 0, "it cannot be read (" + reason(e) + ")");
            }
        }

        private static CredentialsFile parse(Path file, String text) {
            String address = null;
            int at = 0;
            int number = 0;
            for (var line : text.split("\\R", -1)) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                if (address != null) {
                    return new Malformed(file, number, "there is more after the address");
                }
                address = line.strip();
                at = number;
            }
            return address == null ? new Malformed(file, 1, "it is empty") : parse(file, at, BLANKS.split(address));
        }

        private static CredentialsFile parse(Path file, int line, String[] words) {
            if (words.length == 1 && words[0].indexOf(':') > 0) {
                return new Malformed(file, line, "between address and port belongs a space");
            }
            if (words.length != 2) {
                return new Malformed(file, line, words.length < 2 ? "the port is missing" : "there are extra words");
            }
            if (!ConfigCheck.isIpv4(words[0])) {
                return new Malformed(file, line, "the first word is not an IPv4 address");
            }
            if (!words[1].matches("[0-9]{1,5}")
                    || Integer.parseInt(words[1]) < 1
                    || Integer.parseInt(words[1]) > 65_535) {
                return new Malformed(file, line, "the port is not a number from 1 to 65535");
            }
            return new Address(file, words[0], Integer.parseInt(words[1]));
        }

        private static String reason(IOException e) {
            return e instanceof java.nio.file.AccessDeniedException
                    ? "permission denied"
                    : e.getClass().getSimpleName();
        }
    }
}
