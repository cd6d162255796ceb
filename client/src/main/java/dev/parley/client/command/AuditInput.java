package dev.parley.client.command;

import dev.parley.admin.WitnessInfo;
import dev.parley.client.text.Plain;
import dev.parley.evidence.SignedHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the commands that verify a log are given besides the log. */
final class AuditInput {
    private static final int MOST_OF_A_PEM = 8 << 10;

    private AuditInput() {}

    /** @param identity a PeerId, a public key in PEM, or the name of a file that holds either; null for none */
    static String identity(String identity) throws IOException {
        if (identity == null || identity.startsWith("-----BEGIN") || identity.matches("[a-z2-7]{52}")) {
            return identity;
        }
        Path file = Path.of(identity);
        if (!Files.isRegularFile(file)) {
            throw Failure.usage(
                    "--identity takes a peer id of 52 characters or a file with a public key in PEM",
                    "`parley identity --id` or `parley identity --pem` on the node prints it");
        }
        if (Files.size(file) > MOST_OF_A_PEM) {
            throw notAnIdentity();
        }
        return Files.readString(file);
    }

    static Failure notAnIdentity() {
        return Failure.usage("--identity is neither a peer id nor the public key of a node in PEM", null);
    }

    /** @param sources files with one head a line, or peers that the node asks what they hold */
    static List<SignedHead> heads(Context context, List<String> sources) throws IOException {
        List<SignedHead> heads = new ArrayList<>();
        for (String source : sources == null ? List.<String>of() : sources) {
            Path file = Path.of(source);
            if (Files.exists(file)) {
                parse(source, Files.readAllLines(file), heads);
            } else if (source.contains("/") || source.endsWith(".heads")) {
                throw new NoSuchFileException(source);
            } else {
                parse(source, ofPeer(context, source), heads);
            }
        }
        return heads;
    }

    private static List<String> ofPeer(Context context, String peer) throws IOException {
        List<String> heads =
                context.node().list(WitnessInfo.class, "/witness/" + PeerRef.encoded(peer) + "/own").value().stream()
                        .map(WitnessInfo::head)
                        .toList();
        if (heads.isEmpty()) {
            throw new Failure(
                    ExitCode.NOT_FOUND,
                    "no-heads",
                    "peer '" + Plain.line(peer) + "' holds nothing of this node's log",
                    "it is told what the log has come to while there is a session");
        }
        return heads;
    }

    private static void parse(String source, List<String> lines, List<SignedHead> heads) {
        int number = 0;
        for (String line : lines) {
            number++;
            try {
                if (!line.isBlank()) {
                    heads.add(SignedHead.parse(line.strip()));
                }
            } catch (IllegalArgumentException e) {
                throw Failure.usage("'" + Plain.line(source) + "', line " + number + ": " + e.getMessage(), null);
            }
        }
    }
}
