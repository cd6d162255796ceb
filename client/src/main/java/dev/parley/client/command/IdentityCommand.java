package dev.parley.client.command;

import dev.parley.admin.CsrReply;
import dev.parley.admin.CsrRequest;
import dev.parley.admin.IdentityInfo;
import dev.parley.client.files.NewFile;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley identity}. */
@Command(
        name = "identity",
        synopsisSubcommandLabel = "[COMMAND]",
        description = "Show who this node is: what you give to others.")
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
        }
    }
}
