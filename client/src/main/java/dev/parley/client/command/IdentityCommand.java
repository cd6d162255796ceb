package dev.parley.client.command;

import dev.parley.admin.IdentityInfo;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley identity}. */
@Command(name = "identity", description = "Show who this node is: what you give to others.")
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
