package dev.parley.client.command;

import dev.parley.client.http.Transport;
import dev.parley.client.json.Json;
import dev.parley.client.json.JsonException;
import dev.parley.client.text.AuditText;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Words;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parley audit search}. */
@Command(
        name = "search",
        description = {
            "Find lines in net.log and its rotated files, the latest last.",
            "With --json the lines as they are. Ends with 6 where nothing fits."
        })
final class AuditSearchCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private AuditFilter filter = new AuditFilter();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "The last so many; 0 for all (default: 1000).")
    private int limit = 1000;

    AuditSearchCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (limit < 0) {
            throw Failure.usage("--limit takes a number from 0", null);
        }
        Style style = new Style(context.colour());
        AuditText text = new AuditText(context.terminal().zone(), style);
        String day = Words.day(context.now(), context.terminal().zone());
        long found = 0;
        try (Transport.Lines lines = context.node().searchAudit(filter.query(context, limit))) {
            for (String line = lines.next(); line != null && !context.nobodyReads(); line = lines.next()) {
                found++;
                if (context.json()) {
                    context.line(Plain.json(line));
                    continue;
                }
                Map<?, ?> fields = fields(line);
                String its = fields == null ? day : day(fields, day);
                if (!its.equals(day)) {
                    context.line(style.dim("-- " + its));
                    day = its;
                }
                context.line(fields == null ? Plain.line(line) : text.of(fields));
            }
        }
        if (found == 0 && !context.json()) {
            context.note("nothing found");
        }
        return found == 0 ? ExitCode.NOT_FOUND : ExitCode.OK;
    }

    private String day(Map<?, ?> fields, String otherwise) {
        try {
            return Words.day(
                    Instant.parse(String.valueOf(fields.get("time"))),
                    context.terminal().zone());
        } catch (DateTimeException e) {
            return otherwise;
        }
    }

    private static Map<?, ?> fields(String line) {
        try {
            return Json.parse(line) instanceof Map<?, ?> fields ? fields : null;
        } catch (JsonException torn) {
            return null;
        }
    }
}
