package dev.parley.node.control;

import dev.parley.admin.Finding;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.config.TrustMode;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.store.Store;
import dev.parley.node.trust.CertificateWatch;
import dev.parley.node.trust.OwnCertificate;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the node can tell of itself: its address, files, key, log, disk and store. Each check returns at least one finding. */
@ApplicationScoped
class SelfChecks {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> NOT_THE_WORLD = PosixFilePermissions.fromString("rwxrwx---");
    /** As many times the reserve that is left is near enough to say so. */
    private static final int NEAR = 3;

    private static final double NEARLY_FULL = 0.9;
    private static final int MIB = 1 << 20;

    private static final String AUDIT = "audit-log";

    private final NodeFacts facts;
    private final LogCheck logCheck;
    private final ParleyConfig config;
    private final PeerNetwork network;
    private final Store store;
    private final OwnCertificate certificate;
    private final CertificateWatch certificates;
    private final IdentityKeeper keeper;

    SelfChecks(
            NodeFacts facts,
            LogCheck logCheck,
            ParleyConfig config,
            PeerNetwork network,
            Store store,
            OwnCertificate certificate,
            CertificateWatch certificates,
            IdentityKeeper keeper) {
        this.facts = facts;
        this.logCheck = logCheck;
        this.config = config;
        this.network = network;
        this.store = store;
        this.certificate = certificate;
        this.certificates = certificates;
        this.keeper = keeper;
    }

    List<Finding> address() {
        return facts.addressChange()
                .map(change -> List.of(Finding.problem(
                        "address",
                        config.credentials().toString(),
                        change,
                        "correct the file, or restart the node for it to take effect")))
                .orElseGet(() -> List.of(Finding.ok("address", "listens on " + network.listenAddress())));
    }

    /** What the next start would refuse counts as much as what does not work now. */
    List<Finding> directory() throws IOException {
        var found = new ArrayList<Finding>();
        Path directory = config.dataDir().toAbsolutePath().normalize();
        closed(found, directory, "the data directory", OWNER, "chmod 700");
        for (String secret : List.of("identity.pem", "audit.key", "store.db", "net.log", "peers.json")) {
            closed(found, directory.resolve(secret), secret, OWNER, "chmod 600");
        }
        for (Path mounted : Stream.of(
                        config.identity().keyFile(), config.identity().passphraseFile())
                .flatMap(java.util.Optional::stream)
                .toList()) {
            closed(found, mounted.toAbsolutePath(), "a file with secrets", NOT_THE_WORLD, "chmod o=");
        }
        if (!Files.isWritable(directory)) {
            found.add(Finding.problem(
                    "data-directory",
                    directory.toString(),
                    "the node may not write into its data directory any more",
                    "give the directory back to the user that runs the node"));
        }
        return found.isEmpty() ? List.of(Finding.ok("data-directory", directory + " is closed to others")) : found;
    }

    private static void closed(
            List<Finding> found, Path file, String what, Set<PosixFilePermission> allowed, String remedy)
            throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        var others = EnumSet.noneOf(PosixFilePermission.class);
        others.addAll(Files.getPosixFilePermissions(file));
        others.removeAll(allowed);
        if (!others.isEmpty()) {
            found.add(Finding.problem(
                    "data-directory", file.toString(), what + " is open to other users", remedy + " '" + file + "'"));
        }
    }

    List<Finding> identity() {
        var found = new ArrayList<Finding>();
        IdentityKeeper.Course course = keeper.course();
        course.next()
                .ifPresent(next -> found.add(Finding.warning(
                        "identity",
                        next.toString(),
                        "another key takes this one's place when the node starts the next time",
                        "restart the node, or take it back with `parley identity rotate --cancel`")));
        if (config.identity().keyFile().isEmpty()
                && !Files.exists(config.dataDir().resolve("identity.pem"))) {
            found.add(
                    Finding.problem(
                            "identity",
                            null,
                            "identity.pem is gone: after a restart this node is somebody else to all of its peers",
                            "put the file back from a backup before you restart; `parley identity export` saves the key that is in use"));
        }
        return found.isEmpty()
                ? List.of(Finding.ok(
                        "identity",
                        facts.identity().peerId() + ", RSA with "
                                + facts.identity().publicKey().getModulus().bitLength() + " bits"))
                : found;
    }

    List<Finding> certificate() {
        boolean needed = config.trust().mode() == TrustMode.CA;
        Instant now = Instant.now();
        List<String> warnings = certificates.warnings();
        if (!warnings.isEmpty()) {
            boolean over = certificate.notAfter().map(now::isAfter).orElse(needed);
            // Not those of the authorities, which are in the list as well.
            List<String> own = certificate.warnings();
            String advice = "see FLEET.md: `parley identity csr` makes a request, `parley ca issue` a certificate";
            return warnings.stream()
                    .map(each -> over && own.contains(each)
                            ? Finding.problem("certificate", null, each, advice)
                            : Finding.warning("certificate", null, each, advice))
                    .toList();
        }
        return certificate
                .notAfter()
                .map(end -> List.of(Finding.ok("certificate", "valid until " + end)))
                .orElseGet(() -> List.of(
                        needed
                                ? Finding.problem(
                                        "certificate",
                                        "parley.identity.certificate",
                                        "this node shows no certificate, and its peers in trust mode ca let in nobody without",
                                        "see FLEET.md: `parley identity csr` makes a request, `parley ca issue` a certificate")
                                : Finding.ok(
                                        "certificate",
                                        "none, and none is needed in trust mode "
                                                + config.trust().mode().key())));
    }

    List<Finding> audit() {
        String log = config.dataDir().resolve("net.log").toString();
        var found = new ArrayList<Finding>();
        facts.warnings()
                .forEach(each -> found.add(Finding.problem(
                        AUDIT,
                        log,
                        each,
                        facts.auditWritable()
                                ? "find out with `parley audit verify` where, and who could write there"
                                : "make room on the disk and give the node its files back")));
        logCheck.warnings()
                .forEach(
                        each -> found.add(
                                Finding.problem(
                                        AUDIT,
                                        log,
                                        each,
                                        "`parley audit verify` shows all of it: was an older copy put back, or has somebody changed the log?")));
        if (found.isEmpty()) {
            found.add(Finding.ok(
                    AUDIT,
                    "written, " + facts.auditLines() + " lines so far; "
                            + logCheck.last()
                                    .map(each -> "those that there were at " + each.at() + " hold")
                                    .orElse("not verified by the node yet")));
        }
        return found;
    }

    List<Finding> disk() {
        long free = store.freeBytes();
        long reserve = config.store().reserve().asLongValue();
        long used = store.database().bytes();
        long most = config.store().maxSize().asLongValue();
        String room =
                free / MIB + " MiB are free, " + reserve / MIB + " MiB are kept in reserve (parley.store.reserve)";
        String advice = "make room: `parley store prune --older 90d`, `parley store compact`, `parley files remove`";
        if (!store.hasRoom()) {
            return List.of(Finding.problem("disk", null, "no messages and files are taken: " + room, advice));
        }
        if (free < NEAR * reserve) {
            return List.of(Finding.warning("disk", null, room, advice));
        }
        if (used > NEARLY_FULL * most) {
            return List.of(Finding.warning(
                    "disk",
                    "parley.store.max-size",
                    "the store has " + used / MIB + " MiB of the " + most / MIB + " MiB that it may have",
                    advice));
        }
        return List.of(Finding.ok("disk", room));
    }

    List<Finding> store() {
        List<String> warnings = store.warnings();
        if (warnings.isEmpty()) {
            return List.of(Finding.ok(
                    "store",
                    store.stoppedCleanly()
                            ? "opened as it was closed"
                            : "the node before this one did not stop in order; nothing that it had answered is lost"));
        }
        return warnings.stream()
                .map(
                        each -> Finding.warning(
                                "store",
                                store.database().file().toString(),
                                each,
                                "if nobody has put an older copy there on purpose, find out who has; peers tell which messages they have"))
                .toList();
    }

    List<Finding> settings() {
        return SettingChecks.of(
                config, facts.identity().publicKey().getModulus().bitLength());
    }
}
