package dev.parley.client.command;

import dev.parley.admin.AdminApi;
import dev.parley.admin.RestoreReply;
import dev.parley.client.http.Upload;
import dev.parley.client.node.Answer;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley restore}. */
@Command(
        name = "restore",
        description = {
            "Put a backup in the place of the node's messages, from its next start on.",
            "What came or was sent since the backup is lost by that."
        })
public final class RestoreCommand implements Callable<Integer> {
    private static final int BUFFER = 256 * 1024;

    private final Context context;

    @Parameters(paramLabel = "FILE", description = "What `parley backup` has written.")
    private Path file;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    public RestoreCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw Failure.usage("there is no file '" + Plain.line(file.toString()) + "' that can be read", null);
        }
        if (!yes) {
            context.confirm("replace the messages of the node by this backup when it starts next? [y/N] ");
        }
        long size = Files.size(file);
        Answer<RestoreReply> answer;
        try (Progress progress = new Progress(context, file.getFileName().toString(), size, 0)) {
            Upload.Source source = out -> {
                byte[] buffer = new byte[BUFFER];
                try (InputStream in = Files.newInputStream(file)) {
                    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                        out.write(buffer, 0, count);
                        progress.add(count);
                    }
                }
            };
            answer = context.node()
                    .upload(RestoreReply.class, "/store/restore", new Upload(AdminApi.BYTES, size, source));
        }
        context.answer(answer, this::print);
        return ExitCode.OK;
    }

    private void print(RestoreReply reply) {
        context.line("the backup of "
                + Words.time(reply.backedUpAt(), context.terminal().zone()) + " is good: "
                + Words.count(reply.received(), "message") + " that came, " + reply.waiting() + " that wait");
        context.line("it is in force at the next start of the node");
    }
}
