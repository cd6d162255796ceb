package dev.parley.client.command;

import dev.parley.client.text.Plain;
import dev.parley.evidence.SignedHead;
import java.io.IOException;
import java.nio.file.Files;
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

    /** @param files each with one head a line */
    static List<SignedHead> heads(List<Path> files) throws IOException {
        List<SignedHead> heads = new ArrayList<>();
        for (Path file : files == null ? List.<Path>of() : files) {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                try {
                    if (!line.isBlank()) {
                        heads.add(SignedHead.parse(line.strip()));
                    }
                } catch (IllegalArgumentException e) {
                    throw Failure.usage(
                            "'" + Plain.line(file.toString()) + "', line " + number + ": " + e.getMessage(), null);
                }
            }
        }
        return heads;
    }
}
