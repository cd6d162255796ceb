package dev.parley.client.command;

import dev.parley.client.files.NewFile;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley backup}. */
@Command(
        name = "backup",
        description = {
            "Write a consistent copy of the node's messages to a file, while it runs.",
            "The copy is of use only together with the node's identity key, which is not in it."
        })
public final class BackupCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "FILE", description = "Where to; only its owner may read it.")
    private Path file;

    @Option(names = "--force", description = "Overwrite FILE if there is one.")
    private boolean force;

    public BackupCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(file.toString(), "choose another name, or overwrite it with --force");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        long size;
        try (NewFile unfinished = open(part);
                Progress progress = new Progress(context, file.getFileName().toString(), -1, 0)) {
            Counting content = new Counting(unfinished.content(), progress);
            context.node().download("/store/backup", content);
            size = content.count;
            if (force) {
                unfinished.replace(file);
            } else {
                unfinished.place(file);
            }
        } catch (FileAlreadyExistsException e) {
            // Somebody was quicker.
            throw exists(file.toString(), "choose another name, or overwrite it with --force");
        }
        if (context.json()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("file", file.toString());
            fields.put("bytes", size);
            context.json(fields);
        } else {
            context.line("backed up to " + Plain.line(file.toString()) + ": " + Words.size(size));
        }
        return ExitCode.OK;
    }

    private static NewFile open(Path part) throws IOException {
        try {
            return NewFile.at(part);
        } catch (FileAlreadyExistsException e) {
            throw exists(
                    part.toString(),
                    "is another backup being written? if not, remove it: one that was killed has left it");
        }
    }

    private static Failure exists(String file, String hint) {
        return new Failure(ExitCode.FAILED, "exists", "there is '" + Plain.line(file) + "' already", hint);
    }

    private static final class Counting extends OutputStream {
        private final OutputStream to;
        private final Progress progress;
        private long count;

        Counting(OutputStream to, Progress progress) {
            this.to = to;
            this.progress = progress;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            to.write(from, offset, length);
            count += length;
            progress.add(length);
        }
    }
}
