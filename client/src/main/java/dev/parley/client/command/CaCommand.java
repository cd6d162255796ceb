package dev.parley.client.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code parley ca}: an authority for a fleet of nodes. Needs no node: files in, files out.
 *
 * <p>No signature here may have a type of the authority: picocli looks at all of them for every help text, and the ahead-of-time
 * cache would then have every command load the authority, and verify the signed jars behind it, at its start.
 */
@Command(
        name = "ca",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Make and use a certificate authority, so that the nodes of a fleet trust each other by their certificates.",
            "All of it happens in a directory on this machine; no node is needed. node/daemon/FLEET.md has the whole of it."
        })
public final class CaCommand {
    private final Context context;

    public CaCommand(Context context) {
        this.context = context;
    }

    /** Where the passphrase of the authority's key comes from. */
    static final class Passphrase {
        @Option(
                names = "--passphrase-file",
                paramLabel = "FILE",
                description = "The first line is the passphrase of the authority's key (default: ask).")
        private Path file;

        @Option(
                names = "--no-passphrase",
                description = "Leave the authority's key unencrypted: who reads the file is the authority.")
        private boolean none;
    }

    /** Whose certificate. */
    static final class Whose {
        @Option(names = "--csr", paramLabel = "FILE", description = "A request, as `parley identity csr` makes it.")
        private Path csr;

        @Option(
                names = "--public-key",
                paramLabel = "FILE",
                description = "A public key in PEM, as `parley identity --pem` prints it.")
        private Path publicKey;
    }

    @Command(description = "Make an authority in DIR.")
    int init(
            @Parameters(paramLabel = "DIR", description = "A directory that is not there yet, or empty.")
                    Path directory,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "Parley fleet",
                            description = "What it is called (default: ${DEFAULT-VALUE}).")
                    String name,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "3650",
                            description = "How long its certificate is valid (default: ${DEFAULT-VALUE}).")
                    int days,
            @Option(
                            names = "--algorithm",
                            paramLabel = "NAME",
                            defaultValue = "ec-p256",
                            description = "Of its key: ec-p256 or rsa-3072 (default: ${DEFAULT-VALUE}).")
                    String algorithm,
            @ArgGroup Passphrase passphrase)
            throws IOException {
        return new CaWork(context)
                .init(
                        directory,
                        name,
                        days,
                        algorithm,
                        passphrase == null ? null : passphrase.file,
                        passphrase != null && passphrase.none);
    }

    @Command(description = "Issue a certificate for a node's key; prints it, or writes it to a file.")
    int issue(
            @Parameters(paramLabel = "DIR", description = "The authority's.") Path directory,
            @ArgGroup(multiplicity = "1") Whose whose,
            @Option(
                            names = "--san",
                            paramLabel = "NAME",
                            description = "What the node is called: a DNS name or URI; may be repeated.")
                    List<String> names,
            @Option(
                            names = "--san-of-csr",
                            description =
                                    "Call it what the request asks for: look at that first, with --json or openssl.")
                    boolean asked,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "90",
                            description = "How long it is valid (default: ${DEFAULT-VALUE}).")
                    int days,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "Write it there, in place of what is there.")
                    Path output,
            @Option(
                            names = "--passphrase-file",
                            paramLabel = "FILE",
                            description = "The first line is the passphrase of the authority's key (default: ask).")
                    Path passphraseFile)
            throws IOException {
        return new CaWork(context)
                .issue(
                        directory,
                        whose.csr,
                        whose.publicKey,
                        names == null ? List.of() : names,
                        asked,
                        days,
                        output,
                        passphraseFile);
    }

    @Command(
            description =
                    "Revoke a key, with all certificates that it has or will have; give DIR/revoked.txt to the nodes.")
    int revoke(
            @Parameters(index = "0", paramLabel = "DIR", description = "The authority's.") Path directory,
            @Parameters(
                            index = "1",
                            paramLabel = "PEERID|CERT",
                            description = "The node's id, or a file with a certificate for its key.")
                    String whom,
            @Option(
                            names = "--reason",
                            paramLabel = "TEXT",
                            defaultValue = "",
                            description = "For people, in the list.")
                    String reason)
            throws IOException {
        return new CaWork(context).revoke(directory, whom, reason);
    }

    @Command(description = "List what the authority has issued.")
    int list(@Parameters(paramLabel = "DIR", description = "The authority's.") Path directory) throws IOException {
        return new CaWork(context).list(directory);
    }
}
