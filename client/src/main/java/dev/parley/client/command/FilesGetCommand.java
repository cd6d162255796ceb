package dev.parley.client.command;

import dev.parley.admin.AdminApi;
import dev.parley.admin.TransferInfo;
import dev.parley.client.files.NewFile;
import dev.parley.client.files.SafeName;
import dev.parley.client.files.Unzip;
import dev.parley.client.node.Node;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.ZipException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley files get}: takes a file that came from the node. */
@Command(
        name = "get",
        description = {
            "Write a file that came into a directory.",
            "It has its name only when it is whole and its SHA-256 is right; nothing is overwritten."
        })
final class FilesGetCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "ID", description = "The id, or a part of it that no other has.")
    private String id;

    @Parameters(index = "1", arity = "0..1", paramLabel = "DIR", description = "Where to (default: here).")
    private Path directory = Path.of(".");

    @Option(names = "--unpack", description = "Unpack a zip archive into a new folder instead of writing it.")
    private boolean unpack;

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "With --unpack: the most that may come out, such as 500m (default: 10g).")
    private Long most;

    FilesGetCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (most != null && !unpack) {
            throw Failure.usage("--max-size is for --unpack", null);
        }
        if (!Files.isDirectory(directory)) {
            throw Failure.usage("there is no directory '" + Plain.line(directory.toString()) + "'", null);
        }
        Node node = context.node();
        String whole = FilesCommand.resolve(node, id);
        TransferInfo file = node.get(TransferInfo.class, "/files/" + whole).value();
        long free = Files.getFileStore(directory).getUsableSpace();
        if (file.size() > free) {
            throw new Failure(
                    ExitCode.FAILED,
                    "no-room",
                    FilesCommand.named(file) + " does not fit: " + Words.size(free) + " are free there",
                    "name a directory on another disk");
        }
        try (NewFile unfinished = NewFile.at(directory.resolve(".parley-" + whole + ".part"))) {
            String hash = fetch(node, whole, file, unfinished);
            Path placed = unpack ? unpacked(file, whole) : unfinished.place(directory, SafeName.of(file.name()));
            answer(file, placed, hash);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new Failure(
                    ExitCode.FAILED,
                    "exists",
                    "there is '" + Plain.line(e.getFile()) + "' already",
                    "is another `parley files get` at it? if not, remove it: one that was killed has left it");
        }
        return ExitCode.OK;
    }

    /** The hash, which is that of the sender. */
    private String fetch(Node node, String whole, TransferInfo file, NewFile to) throws IOException {
        MessageDigest digest = sha256();
        Map<String, String> headers;
        try (Progress progress = new Progress(context, file.name(), file.size(), 0)) {
            headers = node.download("/files/" + whole + "/content", new Counted(to.content(), digest, progress));
        }
        String hash = HexFormat.of().formatHex(digest.digest());
        String said = headers.get(AdminApi.SHA256_HEADER.toLowerCase(Locale.ROOT));
        if (!hash.equalsIgnoreCase(said) || file.sha256() != null && !hash.equalsIgnoreCase(file.sha256())) {
            throw new Failure(
                    ExitCode.FAILED,
                    "wrong-hash",
                    "what came from the node is not the file: its SHA-256 is wrong",
                    "try again; if it stays so, the node's disk may be damaged");
        }
        return hash;
    }

    private Path unpacked(TransferInfo file, String whole) throws IOException {
        String name = SafeName.of(file.name());
        String stem = name.toLowerCase(Locale.ROOT).endsWith(".zip") && name.length() > 4
                ? name.substring(0, name.length() - 4)
                : name;
        try (InputStream archive = Files.newInputStream(directory.resolve(".parley-" + whole + ".part"))) {
            return new Unzip(most == null ? 10L << 30 : most).unpack(archive, directory, SafeName.of(stem));
        } catch (ZipException e) {
            throw new Failure(
                    ExitCode.FAILED,
                    "not-unpacked",
                    "not unpacked: " + Plain.line(e.getMessage()),
                    "without --unpack the archive is written as it is");
        }
    }

    private void answer(TransferInfo file, Path placed, String hash) {
        if (context.json()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("id", file.id());
            fields.put("path", placed.toString());
            fields.put("size", file.size());
            fields.put("sha256", hash);
            context.json(fields);
        } else {
            context.line(Plain.line(placed.toString()));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes, hashes and counts. */
    private static final class Counted extends OutputStream {
        private final OutputStream to;
        private final MessageDigest digest;
        private final Progress progress;

        Counted(OutputStream to, MessageDigest digest, Progress progress) {
            this.to = to;
            this.digest = digest;
            this.progress = progress;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int count) throws IOException {
            to.write(from, offset, count);
            digest.update(from, offset, count);
            progress.add(count);
        }
    }
}
