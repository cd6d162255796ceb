package dev.parley.client.command;

import dev.parley.client.files.NewFile;
import dev.parley.client.text.Plain;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A file that a command writes for {@code -o}: its owner's alone, whole or not there, and never over another unasked. */
final class OutputFile {
    private OutputFile() {}

    /** Writes what is in the file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static void write(Path file, boolean force, Content content) throws IOException {
        if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(file);
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (NewFile unfinished = NewFile.at(part)) {
            content.writeTo(unfinished.content());
            if (force) {
                unfinished.replace(file);
            } else {
                unfinished.place(file);
            }
        } catch (FileAlreadyExistsException e) {
            throw exists(Path.of(e.getFile()));
        }
    }

    private static Failure exists(Path file) {
        return new Failure(
                ExitCode.FAILED,
                "exists",
                "there is '" + Plain.line(file.toString()) + "' already",
                "choose another name, or overwrite it with --force");
    }
}
