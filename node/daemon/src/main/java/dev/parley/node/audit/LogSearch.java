package dev.parley.node.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/** Finds lines in all files of {@code net.log}. Reads as fast as what it writes to takes it, and holds one line at a time. */
public final class LogSearch {
    private final Path file;

    /** @param file {@code net.log} itself */
    public LogSearch(Path file) {
        this.file = file;
    }

    /**
     * Writes the lines that are wanted as they are, the oldest first.
     *
     * @param limit the last so many; 0: all
     * @param goesOn asked before each line; false ends it
     */
    public void copy(LogQuery query, int limit, BooleanSupplier goesOn, OutputStream out) throws IOException {
        LogQuery.Matcher matcher = query.matcher();
        try (LogFiles files = LogFiles.open(file)) {
            if (limit == 0) {
                files.forEach(query.since(), (line, length, place) -> {
                    if (matcher.wants(line, length)) {
                        out.write(line, 0, length);
                        out.write('\n');
                    }
                    return goesOn.getAsBoolean();
                });
            } else {
                copyLast(files, query, matcher, limit, goesOn, out);
            }
        }
        out.flush();
    }

    private static void copyLast(
            LogFiles files,
            LogQuery query,
            LogQuery.Matcher matcher,
            int limit,
            BooleanSupplier goesOn,
            OutputStream out)
            throws IOException {
        // Places, not lines: a line may have megabytes.
        var last = new ArrayDeque<LogFiles.Place>();
        files.forEach(query.since(), (line, length, place) -> {
            if (matcher.wants(line, length)) {
                if (last.size() == limit) {
                    last.remove();
                }
                last.add(place);
            }
            return goesOn.getAsBoolean();
        });
        for (LogFiles.Place each : last) {
            if (!goesOn.getAsBoolean()) {
                return;
            }
            out.write(files.read(each));
            out.write('\n');
        }
    }
}
