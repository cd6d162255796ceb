package dev.parley.client.command;

import dev.parley.authority.Applicant;
import dev.parley.authority.Authority;
import dev.parley.authority.AuthorityException;
import dev.parley.authority.Issued;
import dev.parley.client.files.NewFile;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley ca}: an authority for a fleet of nodes. Needs no node: files in, files out. */
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
        return of(() -> {
            Authority made = Authority.create(
                    directory,
                    name,
                    days(days),
                    algorithm(algorithm),
                    passphrase(passphrase, true),
                    context.terminal().clock());
            if (context.json()) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("name", made.name());
                fields.put("keyId", made.keyId());
                fields.put("notAfter", made.notAfter().toString());
                fields.put("certificate", made.certificateFile().toString());
                fields.put("revoked", made.revokedFile().toString());
                context.json(fields);
            } else {
                context.line("made the authority " + Plain.line(made.name()) + ", valid until " + made.notAfter());
                context.line(
                        "give every node  " + Plain.line(made.certificateFile().toString()) + " and "
                                + Plain.line(made.revokedFile().toString()));
                context.line("keep to yourself "
                        + Plain.line(directory.resolve("ca.key").toString()));
            }
        });
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
        return of(() -> {
            Authority authority = open(directory);
            Applicant applicant =
                    whose.csr != null ? Applicant.ofRequest(whose.csr) : Applicant.ofPublicKey(whose.publicKey);
            List<String> given = names == null ? List.of() : names;
            if (given.isEmpty() && !asked) {
                throw Failure.usage(
                        "say what the node is called: --san NAME"
                                + (applicant.asked().isEmpty()
                                        ? ""
                                        : "; its request asks for " + Plain.line(String.join(", ", applicant.asked()))),
                        applicant.asked().isEmpty() ? null : "--san-of-csr gives it what it asks for");
            }
            Passphrase where = new Passphrase();
            where.file = passphraseFile;
            Optional<char[]> passphrase = authority.needsPassphrase() ? passphrase(where, false) : Optional.empty();
            Issued issued =
                    authority.issue(applicant, given.isEmpty() ? applicant.asked() : given, days(days), passphrase);
            passphrase.ifPresent(secret -> Arrays.fill(secret, '\0'));
            if (output != null) {
                NewFile.write(output, issued.pem());
            }
            if (context.json()) {
                Map<String, Object> fields = fields(issued);
                if (output == null) {
                    fields.put("pem", issued.pem());
                } else {
                    fields.put("file", output.toString());
                }
                context.json(fields);
            } else if (output == null) {
                context.line(issued.pem().strip());
            } else {
                context.line("issued " + Plain.line(String.join(", ", issued.names())) + " for "
                        + PeerNames.brief(issued.peerId()) + ", valid until " + issued.notAfter());
            }
        });
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
        return of(() -> {
            Authority authority = open(directory);
            String key = authority.revoke(whom, reason);
            if (context.json()) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("revoked", key);
                fields.put("file", authority.revokedFile().toString());
                context.json(fields);
            } else {
                context.line("revoked " + key);
                context.note("nodes act on it once they have "
                        + Plain.line(authority.revokedFile().toString()));
            }
        });
    }

    @Command(description = "List what the authority has issued.")
    int list(@Parameters(paramLabel = "DIR", description = "The authority's.") Path directory) throws IOException {
        return of(() -> {
            List<Issued> all = open(directory).issued();
            if (context.json()) {
                context.json(all.stream().map(this::fields).toList());
            } else if (all.isEmpty()) {
                context.note("no certificates were issued");
            } else {
                Table table = new Table("NAMES", "STATE", "UNTIL", "SERIAL", "ID");
                for (Issued each : all) {
                    table.row(
                            String.join(" ", each.names()),
                            state(each),
                            each.notAfter().toString(),
                            each.serial(),
                            each.peerId());
                }
                context.table(table);
            }
        });
    }

    private Authority open(Path directory) throws IOException, AuthorityException {
        return Authority.open(directory, context.terminal().clock());
    }

    private Map<String, Object> fields(Issued issued) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("serial", issued.serial());
        fields.put("peerId", issued.peerId());
        fields.put("names", issued.names());
        fields.put("notBefore", issued.notBefore().toString());
        fields.put("notAfter", issued.notAfter().toString());
        fields.put("state", state(issued));
        return fields;
    }

    private String state(Issued issued) {
        if (issued.revoked()) {
            return "revoked";
        }
        return context.now().isAfter(issued.notAfter()) ? "expired" : "valid";
    }

    /** @param making whether it is a new one, so that it is asked for twice */
    private Optional<char[]> passphrase(Passphrase where, boolean making) throws IOException {
        if (where != null && where.none) {
            return Optional.empty();
        }
        if (where != null && where.file != null) {
            try (var lines = Files.lines(where.file, StandardCharsets.UTF_8)) {
                return Optional.of(lines.findFirst()
                        .filter(line -> !line.isEmpty())
                        .orElseThrow(() -> Failure.usage("the passphrase file is empty", null))
                        .toCharArray());
            }
        }
        if (!context.terminal().interactive() || System.console() == null) {
            throw Failure.usage(
                    "nobody can be asked for the passphrase of the authority's key",
                    "pass --passphrase-file FILE" + (making ? ", or --no-passphrase" : ""));
        }
        char[] typed = System.console().readPassword("passphrase of the authority's key: ");
        char[] again = making ? System.console().readPassword("once more: ") : typed;
        if (typed == null || typed.length == 0 || !Arrays.equals(typed, again)) {
            throw Failure.usage(
                    typed == null || typed.length == 0 ? "no passphrase was given" : "the two are not the same", null);
        }
        return Optional.of(typed);
    }

    private static Duration days(int days) {
        if (days < 1 || days > 36_500) {
            throw Failure.usage("--days is a number from 1 to 36500", null);
        }
        return Duration.ofDays(days);
    }

    private static Authority.Algorithm algorithm(String name) {
        return switch (name) {
            case "ec-p256" -> Authority.Algorithm.EC_P256;
            case "rsa-3072" -> Authority.Algorithm.RSA_3072;
            default -> throw Failure.usage("--algorithm is ec-p256 or rsa-3072", null);
        };
    }

    private int of(Deed deed) throws IOException {
        try {
            deed.carryOut();
            return ExitCode.OK;
        } catch (AuthorityException e) {
            throw new Failure(
                    switch (e.kind()) {
                        case BAD_INPUT -> ExitCode.USAGE;
                        case EXISTS -> ExitCode.FAILED;
                        case PASSPHRASE, REFUSED -> ExitCode.REFUSED;
                    },
                    switch (e.kind()) {
                        case BAD_INPUT -> "bad-input";
                        case EXISTS -> "exists";
                        case PASSPHRASE -> "passphrase";
                        case REFUSED -> "refused";
                    },
                    Plain.line(e.getMessage()),
                    null);
        }
    }

    /** What a command does. */
    private interface Deed {
        void carryOut() throws IOException, AuthorityException;
    }
}
