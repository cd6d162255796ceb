package dev.parley.client.command;

import dev.parley.admin.IdentityInfo;
import dev.parley.client.node.Node;
import dev.parley.evidence.LogFile;
import dev.parley.evidence.LogVerifier;
import dev.parley.evidence.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley audit verify}. */
@Command(
        name = "verify",
        description = {
            "Verify that an audit log is the one that its node wrote: nothing edited, deleted, inserted, put in another order.",
            "With files, copied from anywhere, no node is needed; without, the running node's log is fetched and verified here.",
            "Exit code 8 if the log does not hold."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "net.log and its rotated files, in any order.")
    private List<Path> files;

    @Option(
            names = "--identity",
            paramLabel = "ID|PEM",
            description = "Whose log it has to be: a peer id, or a file with the public key in PEM.")
    private String identity;

    @Option(
            names = {"--against", "--head"},
            paramLabel = "FILE|PEER",
            description =
                    "Heads of this log that somebody else has kept, one a line (parley audit witness), or a peer that is"
                            + " asked for them: they show a cut end, and a log written anew with the node's own keys.")
    private List<String> heads;

    @Option(names = "--stopped", description = "The node was stopped in order: the log has to end with a stop.")
    private boolean stopped;

    AuditVerifyCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Report report = files == null
                ? ofNode()
                : verifier(AuditInput.identity(identity))
                        .verify(files.stream().map(LogFile::of).toList());
        AuditReport.print(context, report);
        return report.holds() ? ExitCode.OK : ExitCode.BROKEN;
    }

    private Report ofNode() throws IOException {
        Node node = context.node();
        String whose = identity == null
                ? node.get(IdentityInfo.class, "/identity").value().peerId()
                : AuditInput.identity(identity);
        return verifier(whose).verify(List.of(new NodeLog(node)));
    }

    private LogVerifier verifier(String whose) throws IOException {
        try {
            return LogVerifier.of(whose, AuditInput.heads(context, heads), stopped);
        } catch (IllegalArgumentException e) {
            throw AuditInput.notAnIdentity();
        }
    }
}
