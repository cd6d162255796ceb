package dev.parley.client.command;

import dev.parley.client.audit.CsvLines;
import dev.parley.client.http.Transport;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parley audit export}. */
@Command(
        name = "export",
        description = {
            "Write lines of net.log and its rotated files to a file, or to standard output, the oldest first.",
            "json: the lines as they are. csv: for spreadsheets, without ciphertexts."
        })
final class AuditExportCommand implements Callable<Integer> {
    /** How the lines are written. */
    enum Format {
        json,
        csv
    }

    private static final byte[] NEWLINE = {'\n'};

    private final Context context;

    @Mixin
    private AuditFilter filter = new AuditFilter();

    @Option(names = "--format", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES} (default: json).")
    private Format format = Format.json;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to; only its owner may read it. Without it: standard output.")
    private Path file;

    @Option(names = "--force", description = "Overwrite FILE if there is one.")
    private boolean force;

    @Option(names = "--ciphertexts", description = "With the ciphertexts, in csv too.")
    private boolean ciphertexts;

    private long count;

    AuditExportCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (file == null) {
            write(new ToTerminal());
            return ExitCode.OK;
        }
        OutputFile.write(file, force, this::write);
        if (context.json()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("file", file.toString());
            fields.put("lines", count);
            context.json(fields);
        } else {
            context.line("wrote " + Words.count(count, "line") + " to " + Plain.line(file.toString()));
        }
        return ExitCode.OK;
    }

    private void write(OutputStream to) throws IOException {
        OutputStream out = new BufferedOutputStream(to, 1 << 16);
        CsvLines csv = new CsvLines(ciphertexts);
        if (format == Format.csv) {
            out.write(csv.head().getBytes(StandardCharsets.UTF_8));
        }
        try (Transport.Lines lines = context.node().searchAudit(filter.query(context, 0))) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                count++;
                if (format == Format.csv) {
                    out.write(csv.row(line).getBytes(StandardCharsets.UTF_8));
                } else {
                    out.write(line.getBytes(StandardCharsets.UTF_8));
                    out.write(NEWLINE);
                }
                if (file == null && context.nobodyReads()) {
                    return;
                }
            }
        }
        out.flush();
    }

    /** Its stream swallows failures; {@code parley audit export | head} ends all the same. */
    private final class ToTerminal extends OutputStream {
        @Override
        public void write(int b) {
            context.terminal().out().write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            context.terminal().out().write(bytes, offset, length);
        }

        @Override
        public void flush() {
            context.terminal().out().flush();
        }
    }
}
