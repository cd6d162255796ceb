package dev.parley.client.command;

import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.evidence.ProofCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley audit check-proof}: needs no node. */
@Command(
        name = "check-proof",
        description = {
            "Say what a file that `parley prove` made shows, and what it does not. Needs no node.",
            "Ends with 8 where the file does not hold."
        })
final class AuditCheckProofCommand implements Callable<Integer> {
    private static final long MAX_PROOF = 64 << 20;
    private static final long MAX_CONTENT = 64 << 20;

    private final Context context;

    @Parameters(paramLabel = "FILE", description = "The proof.")
    private Path file;

    @Option(names = "--content", paramLabel = "FILE", description = "Compare this with the content of the message.")
    private Path content;

    AuditCheckProofCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        String text = new String(read(file, MAX_PROOF), StandardCharsets.UTF_8);
        ProofCheck.Judgement judgement = ProofCheck.check(text, content == null ? null : read(content, MAX_CONTENT));
        if (context.json()) {
            context.json(fields(judgement));
        } else {
            print(judgement);
        }
        return judgement.holds() ? ExitCode.OK : ExitCode.BROKEN;
    }

    private void print(ProofCheck.Judgement judgement) {
        Style style = new Style(context.colour());
        if (!judgement.holds()) {
            context.line(style.red("THIS PROOF DOES NOT HOLD: it shows nothing."));
            list(judgement.wrong());
            return;
        }
        context.line(
                judgement.receipt()
                        ? style.green(
                                "The proof holds: the message was sent, and the receiver has signed that it came.")
                        : judgement.acknowledged()
                                ? style.yellow(
                                        "The proof holds, but it is the sender's word alone that the message was acknowledged.")
                                : style.yellow(
                                        "The proof holds, but it does not say that the message was acknowledged."));
        context.line("");
        context.line("It shows:");
        list(judgement.shows());
        context.line("");
        context.line("It does not show:");
        list(judgement.open());
    }

    private void list(List<String> items) {
        items.forEach(each -> context.line("- " + Plain.line(each)));
    }

    private static Map<String, Object> fields(ProofCheck.Judgement judgement) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("holds", judgement.holds());
        fields.put("message", judgement.message());
        fields.put("sender", judgement.sender());
        fields.put("receiver", judgement.receiver());
        fields.put("acknowledged", judgement.acknowledged());
        fields.put("receipt", judgement.receipt());
        fields.put("wrong", judgement.wrong());
        fields.put("shows", judgement.shows());
        fields.put("doesNotShow", judgement.open());
        return fields;
    }

    private static byte[] read(Path file, long most) throws IOException {
        if (Files.size(file) > most) {
            throw new Failure(
                    ExitCode.FAILED, "too-large", "'" + Plain.line(file.toString()) + "' is too large to be one", null);
        }
        return Files.readAllBytes(file);
    }
}
