package dev.parley.client.command;

import dev.parley.admin.AdminApi;
import dev.parley.client.text.Plain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** What the user wants to send: words, {@code -} for the standard input, {@code @file}; {@code @@} begins a text with @. */
record MessageBody(String text, byte[] bytes) {
    static final String DESCRIPTION = "The text; - for standard input; @FILE for a file; @@ begins a text with @.";

    static MessageBody of(List<String> words, InputStream in) throws IOException {
        String text = String.join(" ", words);
        if (text.equals("-")) {
            return read(in, "standard input");
        }
        if (text.startsWith("@@")) {
            return new MessageBody(text.substring(1), null);
        }
        if (!text.startsWith("@")) {
            return new MessageBody(text, null);
        }
        String name = text.substring(1);
        Path file = Path.of(name);
        if (Files.isDirectory(file)) {
            throw Failure.usage("'" + Plain.line(name) + "' is a directory", "name a file");
        }
        try (InputStream content = Files.newInputStream(file)) {
            return read(content, "the file '" + Plain.line(name) + "'");
        } catch (NoSuchFileException e) {
            throw Failure.usage(
                    "there is no file '" + Plain.line(name) + "'", "a text that begins with @ is written with two: @@");
        } catch (java.nio.file.AccessDeniedException e) {
            throw Failure.usage("the file '" + Plain.line(name) + "' may not be read", null);
        }
    }

    /** A text if it is one, so that the other side can show it. */
    private static MessageBody read(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(AdminApi.MAX_MESSAGE_BYTES + 1);
        if (bytes.length > AdminApi.MAX_MESSAGE_BYTES) {
            throw Failure.usage(
                    name + " is longer than a message may be, which is " + AdminApi.MAX_MESSAGE_BYTES + " bytes",
                    "send it in parts");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf('\0') < 0) {
                return new MessageBody(text, null);
            }
        } catch (CharacterCodingException notText) {
            // Then it travels as bytes.
        }
        return new MessageBody(null, bytes);
    }

    /** Null if it is a text. */
    String base64() {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }
}
