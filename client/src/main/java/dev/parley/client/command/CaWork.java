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

/** What {@link CaCommand} does, apart from it: loaded when one of its commands runs and not before. */
final class CaWork {
    private final Context context;

    CaWork(Context context) {
        this.context = context;
    }

    int init(Path directory, String name, int days, String algorithm, Path passphraseFile, boolean noPassphrase)
            throws IOException {
        return of(() -> {
            Authority made = Authority.create(
                    directory,
                    name,
                    days(days),
                    algorithm(algorithm),
                    passphrase(passphraseFile, noPassphrase, true),
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

    int issue(
            Path directory,
            Path csr,
            Path publicKey,
            List<String> names,
            boolean asked,
            int days,
            Path output,
            Path passphraseFile)
            throws IOException {
        return of(() -> {
            Authority authority = open(directory);
            Applicant applicant = csr != null ? Applicant.ofRequest(csr) : Applicant.ofPublicKey(publicKey);
            if (names.isEmpty() && !asked) {
                throw Failure.usage(
                        "say what the node is called: --san NAME"
                                + (applicant.asked().isEmpty()
                                        ? ""
                                        : "; its request asks for " + Plain.line(String.join(", ", applicant.asked()))),
                        applicant.asked().isEmpty() ? null : "--san-of-csr gives it what it asks for");
            }
            Optional<char[]> passphrase =
                    authority.needsPassphrase() ? passphrase(passphraseFile, false, false) : Optional.empty();
            Issued issued =
                    authority.issue(applicant, names.isEmpty() ? applicant.asked() : names, days(days), passphrase);
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

    int revoke(Path directory, String whom, String reason) throws IOException {
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

    int list(Path directory) throws IOException {
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
    private Optional<char[]> passphrase(Path file, boolean none, boolean making) throws IOException {
        if (none) {
            return Optional.empty();
        }
        if (file != null) {
            try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
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
