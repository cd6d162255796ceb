package dev.parley.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Something that holds lines of a log, and can be read more than once. */
public interface LogFile {
    /** As people are told of it. */
    String name();

    /** From the beginning. */
    InputStream open() throws IOException;

    /** A file on the disk. */
    static LogFile of(Path path) {
        return new LogFile() {
            @Override
            public String name() {
                return path.toString();
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(path);
            }
        };
    }
}
