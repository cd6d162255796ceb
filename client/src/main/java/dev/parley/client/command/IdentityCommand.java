package dev.parley.client.command;

import dev.parley.admin.AdminApi;
import dev.parley.admin.CsrReply;
import dev.parley.admin.CsrRequest;
import dev.parley.admin.IdentityChangeReply;
import dev.parley.admin.IdentityExport;
import dev.parley.admin.IdentityInfo;
import dev.parley.admin.RotateRequest;
import dev.parley.client.files.NewFile;
import dev.parley.client.http.Upload;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley identity}. */
@Command(
        name = "identity",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Show who this node is: what you give to others.",
            "The commands below change its key, at its next start, or keep a copy of it."
        })
public final class IdentityCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--pem", description = "Print the public key as PEM, nothing else.")
    private boolean pem;

    @Option(names = "--id", description = "Print the id, nothing else.")
    private boolean id;

    public IdentityCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        context.answer(context.node().get(IdentityInfo.class, "/identity"), this::print);
        return ExitCode.OK;
    }

    @Command(
            description =
                    "Have the node sign a request for a certificate of its key; prints it, or writes it to a file.")
    int csr(
            @Option(
                            names = "--san",
                            paramLabel = "NAME",
                            description = "What it wants to be called: a DNS name or URI; may be repeated.")
                    List<String> names,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "Write it there, in place of what is there.")
                    Path output)
            throws IOException {
        Answer<CsrReply> answer =
                context.node().post(CsrReply.class, "/identity/csr", new CsrRequest(names), Node.SHORT);
        if (output != null) {
            NewFile.write(output, answer.value().pem());
        }
        context.answer(
                answer,
                reply -> context.line(
                        output == null
                                ? Plain.block(reply.pem().strip())
                                : "wrote the request of " + PeerNames.brief(reply.peerId())));
        return ExitCode.OK;
    }

    @Command(
            description = {
                "Make a new key, which the present one names as the next. It takes effect at the next start of the node.",
                "Peers that connect within the grace period after that go on with the new key by themselves; for others the node is"
                        + " a stranger. The old key is destroyed at that start."
            })
    int rotate(
            @Option(
                            names = "--grace",
                            paramLabel = "DURATION",
                            converter = DurationConverter.class,
                            description = "How long peers accept the new key, 1h to 365d (default: 7d).")
                    Duration grace,
            @Option(names = "--cancel", description = "Destroy a key that is prepared and not in effect yet.")
                    boolean cancel)
            throws IOException {
        if (cancel) {
            context.answer(
                    context.node().delete(IdentityChangeReply.class, "/identity/next"),
                    reply -> context.line(
                            "the key that was prepared is destroyed; this node stays " + Plain.line(reply.peerId())));
            return ExitCode.OK;
        }
        RotateRequest request = grace == null ? null : new RotateRequest(grace.toString());
        Answer<IdentityChangeReply> answer =
                context.node().post(IdentityChangeReply.class, "/identity/rotate", request, Node.DIAL);
        context.answer(answer, this::print);
        note(answer.value());
        context.note("backups made before that start need the old key, which is destroyed: make a new one after it");
        return ExitCode.OK;
    }

    @Command(description = "Write the key to FILE, encrypted under a passphrase of at least 12 characters.")
    int export(
            @Parameters(paramLabel = "FILE", description = "Where to; only its owner may read it.") Path file,
            @Mixin Passphrase passphrase)
            throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(file);
        }
        IdentityExport export = upload(IdentityExport.class, "/identity/export", passphrase.read(context, true))
                .value();
        try (NewFile unfinished = NewFile.at(file.resolveSibling(file.getFileName() + ".part"))) {
            unfinished.content().write(export.pem().getBytes(StandardCharsets.US_ASCII));
            unfinished.place(file);
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        }
        if (context.json()) {
            context.json(Map.of("file", file.toString(), "peerId", export.peerId()));
        } else {
            context.line("the key of " + Plain.line(export.peerId()) + " is in " + Plain.line(file.toString()));
        }
        context.note("who has the file and the passphrase is this node; never let two nodes run with one key");
        return ExitCode.OK;
    }

    @Command(
            name = "import",
            description = {
                "Take a key that was exported. It takes effect at the next start of the node, and this node's own is destroyed then.",
                "Stop the node that had the key until now: never let two run with one key."
            })
    int importKey(
            @Parameters(paramLabel = "FILE", description = "What `parley identity export` has written.") Path file,
            @Mixin Passphrase passphrase,
            @Option(names = "--replace", description = "The present key may be destroyed.") boolean replace)
            throws IOException {
        byte[] content = Files.readAllBytes(file);
        byte[] secret = passphrase.read(context, false);
        byte[] body = Arrays.copyOf(secret, secret.length + 1 + content.length);
        body[secret.length] = '\n';
        System.arraycopy(content, 0, body, secret.length + 1, content.length);
        Arrays.fill(secret, (byte) 0);
        Answer<IdentityChangeReply> answer =
                upload(IdentityChangeReply.class, "/identity/import?replace=" + replace, body);
        context.answer(answer, this::print);
        note(answer.value());
        return ExitCode.OK;
    }

    /** Wipes the body. */
    private <T> Answer<T> upload(Class<T> type, String path, byte[] body) throws IOException {
        try {
            return context.node().upload(type, path, new Upload(AdminApi.BYTES, body.length, out -> out.write(body)));
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private static Failure exists(Path file) {
        return new Failure(
                ExitCode.FAILED,
                "exists",
                "there is '" + Plain.line(file.toString()) + "' already, or its .part",
                "choose another name");
    }

    private void note(IdentityChangeReply reply) {
        if (reply.note() != null) {
            context.note(Plain.line(reply.note()));
        }
    }

    private void print(IdentityChangeReply reply) {
        context.line("now              " + PeerNames.groups(reply.peerId()));
        context.line("from next start  " + PeerNames.groups(reply.nextPeerId()));
    }

    private void print(IdentityInfo identity) {
        if (pem) {
            context.line(Plain.block(identity.publicKeyPem().strip()));
        } else if (id) {
            context.line(Plain.line(identity.peerId()));
        } else {
            context.line("peer id   " + PeerNames.groups(identity.peerId()));
            context.line("to paste  " + Plain.line(identity.peerId()));
            context.line("name      " + Words.orUnnamed(identity.name()));
            context.line("address   " + (identity.advertise() == null ? "-" : Plain.line(identity.advertise())));
            context.line("key       " + Plain.line(identity.algorithm()) + " " + identity.bits() + " bits");
            if (identity.previousPeerId() != null) {
                context.line("before    " + PeerNames.groups(identity.previousPeerId())
                        + "; peers accept the change until "
                        + Words.time(identity.graceEnd(), context.terminal().zone()));
            }
            if (identity.nextPeerId() != null) {
                context.line("next      " + PeerNames.groups(identity.nextPeerId()) + ", from the next start");
            }
        }
    }
}
