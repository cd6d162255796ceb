package dev.parley.client.command;

import dev.parley.admin.AdminApi;
import dev.parley.admin.TransferInfo;
import dev.parley.admin.TransferState;
import dev.parley.client.files.Folder;
import dev.parley.client.http.Request;
import dev.parley.client.http.Upload;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley files send}: hands files over to the node, which sends them on its own from then on. */
@Command(
        name = "send",
        description = {
            "Send files to a peer; a folder goes as a zip archive, without what its links lead to.",
            "Done when the node has them: it goes on by itself, also after a restart."
        })
final class FilesSendCommand implements Callable<Integer> {
    private static final int BUFFER = 256 * 1024;
    private static final String ZIP = "application/zip";

    private final Context context;

    @Parameters(index = "0", paramLabel = "PEER", description = PeerRef.DESCRIPTION)
    private String peer;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "PATH|-",
            description = "Files and folders, or - for standard input.")
    private List<String> paths;

    @Option(names = "--name", paramLabel = "NAME", description = "What the peer is to call it, if it is only one.")
    private String name;

    @Option(names = "--type", paramLabel = "TYPE", description = "Media type.")
    private String type;

    @Option(names = "--wait", description = "Wait until the peer has them.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long --wait waits: 10s, 2m, 1h (default: for ever).")
    private Duration timeout;

    FilesSendCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (name != null && paths.size() > 1) {
            throw Failure.usage("--name is for one file", null);
        }
        // All of them are looked at before the first is sent.
        List<Source> sources = new ArrayList<>();
        for (String path : paths) {
            sources.add(source(path));
        }
        Node node = context.node();
        List<TransferInfo> sent = new ArrayList<>();
        for (Source source : sources) {
            sent.add(send(node, source));
        }
        if (wait) {
            try (FileWait waiting = new FileWait(context, node, timeout)) {
                for (TransferInfo each : sent) {
                    finished(waiting.until(each));
                }
            }
        }
        return ExitCode.OK;
    }

    /**
     * Something to send.
     *
     * @param length of the body; negative if it is not known
     * @param size to show the progress by; negative if it is not known
     */
    private record Source(String name, String mediaType, long length, long size, Writer writer) {}

    private interface Writer {
        void write(OutputStream out, LongConsumer progress) throws IOException;
    }

    private Source source(String path) throws IOException {
        if (path.equals("-")) {
            if (name == null) {
                throw Failure.usage("standard input needs a name", "give it one with --name");
            }
            return new Source(
                    name,
                    type,
                    -1,
                    -1,
                    (out, progress) -> copy(context.terminal().in(), out, progress));
        }
        Path file = Path.of(path);
        if (Files.isDirectory(file)) {
            return folder(Folder.at(file));
        }
        String shown = "'" + Plain.line(path) + "'";
        if (!Files.exists(file)) {
            throw Failure.usage("there is no file " + shown, null);
        }
        if (!Files.isRegularFile(file)) {
            throw Failure.usage(shown + " is neither a file nor a folder", "pipe it in: - with --name");
        }
        if (!Files.isReadable(file)) {
            throw Failure.usage("the file " + shown + " may not be read", null);
        }
        long size = Files.size(file);
        return new Source(
                name == null ? file.toRealPath().getFileName().toString() : name, type, size, size, (out, progress) -> {
                    try (InputStream in = Files.newInputStream(file)) {
                        copy(in, out, progress);
                    }
                });
    }

    private Source folder(Folder folder) {
        folder.skipped().forEach(each -> context.note("left out, as it is no file: " + Plain.line(each.toString())));
        return new Source(
                name == null ? folder.name() + ".zip" : name,
                type == null ? ZIP : type,
                -1,
                folder.size(),
                folder::zip);
    }

    private static void copy(InputStream in, OutputStream out, LongConsumer progress) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            progress.accept(count);
        }
    }

    private TransferInfo send(Node node, Source source) throws IOException {
        String query = "?peer=" + Request.encode(PeerRef.of(peer)) + "&name=" + Request.encode(source.name())
                + (source.mediaType() == null ? "" : "&mediaType=" + Request.encode(source.mediaType()));
        Answer<TransferInfo> answer;
        try (Progress progress = new Progress(context, source.name(), source.size(), 0)) {
            answer = node.upload(
                    TransferInfo.class,
                    "/files" + query,
                    new Upload(
                            AdminApi.BYTES,
                            source.length(),
                            out -> source.writer().write(out, progress::add)));
        }
        if (!wait) {
            context.answer(
                    answer,
                    file -> context.line("the node has " + FilesCommand.named(file) + " for "
                            + PeerNames.of(file.alias(), file.peerId()) + ": " + Words.of(file.state())
                            + (file.reason() == null ? "" : ", " + Plain.line(file.reason())) + ", transfer "
                            + file.id()));
        }
        return answer.value();
    }

    private void finished(Answer<TransferInfo> answer) throws IOException {
        TransferInfo file = answer.value();
        String who = PeerNames.of(file.alias(), file.peerId());
        if (file.state() != TransferState.COMPLETE) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "not-transferred",
                    FilesCommand.named(file) + " to " + who + ": " + Words.of(file.state())
                            + (file.reason() == null ? "" : ": " + Plain.line(file.reason())),
                    null);
        }
        context.answer(
                answer, done -> context.line(who + " has " + FilesCommand.named(done) + ", transfer " + done.id()));
    }
}
