package dev.parley.client.doctor;

import dev.parley.admin.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why a node that does not run would not start, or did not. */
public final class StoppedNode {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> NOT_THE_WORLD = PosixFilePermissions.fromString("rwxrwx---");
    /** As the node itself sees it: a certificate of a short life is not to be complained of for all of it. */
    private static final Duration SOON = Duration.ofDays(30);

    private static final int SOON_OF_LIFE = 3;
    private static final int MOST_OF_A_FILE = 256 << 10;
    private static final String DEFAULT_RESERVE = "64M";

    private final Path data;
    private final Path socket;
    private final Map<String, String> environment;
    private final Instant now;
    private final SystemTables system;
    private final List<Finding> found = new ArrayList<>();

    /**
     * @param data the data directory
     * @param socket where the admin socket would be
     * @param environment as the node would have it
     */
    public StoppedNode(Path data, Path socket, Map<String, String> environment, Instant now, SystemTables system) {
        this.data = data.toAbsolutePath().normalize();
        this.socket = socket.toAbsolutePath().normalize();
        this.environment = environment;
        this.now = now;
        this.system = system;
    }

    /** Everything that was looked at, in the order in which the node would stumble over it. */
    public List<Finding> findings() {
        address();
        directory();
        adminSocket();
        identity();
        certificate();
        disk();
        store();
        settings();
        return List.copyOf(found);
    }

    private void address() {
        Path file = Path.of(set("PARLEY_CREDENTIALS", "CREDENTIALS.txt"));
        String host = set("PARLEY_LISTEN_HOST", null);
        String port = set("PARLEY_LISTEN_PORT", null);
        Credentials credentials = Credentials.read(file);
        if (credentials.problem() != null && (host == null || port == null)) {
            found.add(
                    credentials.missing()
                            ? Finding.ok("address", "there is no " + file + ": the node writes it at its start")
                            : Finding.problem(
                                    "address",
                                    file.toString(),
                                    credentials.problem(),
                                    "write \"<ipv4> <port>\" into it, for example \"127.0.0.1 3001\""));
            if (!credentials.missing()) {
                return;
            }
        }
        String onHost = host != null ? host : credentials.host();
        int onPort = credentials.port();
        if (port != null) {
            if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
                found.add(Finding.problem(
                        "address",
                        "PARLEY_LISTEN_PORT",
                        "it is not a port",
                        "set it to a number from 1 to 65535, or leave it to CREDENTIALS.txt"));
                return;
            }
            onPort = Integer.parseInt(port);
        }
        port(onHost, onPort);
    }

    private void port(String host, int port) {
        switch (system.listener(host, port)) {
            case SystemTables.Listener.None _ ->
                found.add(Finding.ok(
                        "address", "nobody listens on port " + port + ", where the node would (" + host + ")"));
            case SystemTables.Listener.By by ->
                found.add(Finding.problem(
                        "address",
                        host + " " + port,
                        "port " + port + " is in use by " + by.text(),
                        "stop that one, or set another port in CREDENTIALS.txt"));
            case SystemTables.Listener.NotKnown _ ->
                found.add(Finding.unknown("address", "this system does not say whether port " + port + " is in use"));
        }
    }

    private void directory() {
        if (!Files.exists(data)) {
            found.add(Finding.warning(
                    "data-directory",
                    data.toString(),
                    "there is no data directory: the node makes one at its start, with a new identity",
                    "for a node that has run before, call this where it was started, or set PARLEY_DATA_DIR"));
            return;
        }
        if (!Files.isDirectory(data)) {
            found.add(
                    Finding.problem("data-directory", data.toString(), "it is not a directory", "move the file away"));
            return;
        }
        int before = found.size();
        if (!Files.isReadable(data) || !Files.isExecutable(data)) {
            found.add(Finding.problem(
                    "data-directory",
                    data.toString(),
                    "this user may not look into it",
                    "call this as the user that runs the node"));
            return;
        }
        if (!Files.isWritable(data)) {
            found.add(Finding.problem(
                    "data-directory",
                    data.toString(),
                    "this user may not write into it",
                    "start the node as the user that owns it, or give it to that user"));
        }
        closed(data, "the data directory", OWNER, "chmod 700");
        for (String secret : List.of("identity.pem", "audit.key", "store.db", "net.log", "peers.json")) {
            closed(data.resolve(secret), secret, OWNER, "chmod 600");
        }
        system.lockHolder(data.resolve("lock"))
                .ifPresent(
                        holder -> found.add(
                                Finding.problem(
                                        "data-directory",
                                        data.toString(),
                                        "it is in use by " + holder + ", which does not answer on " + socket,
                                        "does it still start, or is its admin socket elsewhere (--socket)? if it hangs, stop that process")));
        if (found.size() == before) {
            found.add(Finding.ok("data-directory", data + " is closed to others, and no node holds it"));
        }
    }

    private void adminSocket() {
        Path directory = socket.getParent();
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > 107) {
            found.add(Finding.problem(
                    "admin-socket",
                    socket.toString(),
                    "its path has " + length + " bytes, and the system takes 107",
                    "set a shorter PARLEY_DATA_DIR or PARLEY_ADMIN_SOCKET"));
        } else if (directory != null && Files.exists(directory)) {
            int before = found.size();
            boolean group = set("PARLEY_ADMIN_GROUP", null) != null;
            closed(
                    directory,
                    "the directory of the admin socket",
                    group ? PosixFilePermissions.fromString("rwxr-x---") : OWNER,
                    group ? "chmod 750" : "chmod 700");
            if (Files.isRegularFile(socket)) {
                found.add(Finding.problem(
                        "admin-socket", socket.toString(), "it is a file, not a socket", "move it away"));
            }
            if (found.size() == before) {
                found.add(Finding.ok("admin-socket", "its directory is closed to others"));
            }
        }
    }

    private void identity() {
        String mounted = set("PARLEY_IDENTITY_KEY_FILE", null);
        Path file = mounted == null ? data.resolve("identity.pem") : Path.of(mounted);
        try {
            String pem = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (mounted != null) {
                closed(file, "the identity key", NOT_THE_WORLD, "chmod o=");
            }
            if (!pem.contains("PRIVATE KEY-----")) {
                found.add(Finding.problem(
                        "identity",
                        file.toString(),
                        "there is no private key in it",
                        "restore it from a backup, or move it away for a new identity"));
            } else if (pem.contains("BEGIN ENCRYPTED PRIVATE KEY")
                    && set("PARLEY_IDENTITY_PASSPHRASE", null) == null
                    && set("PARLEY_IDENTITY_PASSPHRASE_FILE", null) == null) {
                found.add(Finding.problem(
                        "identity",
                        file.toString(),
                        "the key is encrypted, and no passphrase is set here",
                        "set PARLEY_IDENTITY_PASSPHRASE_FILE to a file that only the node's user can read"));
            } else {
                found.add(Finding.ok("identity", "there is a key in " + file));
            }
        } catch (NoSuchFileException e) {
            if (mounted != null) {
                found.add(Finding.problem(
                        "identity", mounted, "PARLEY_IDENTITY_KEY_FILE names a file that is not there", "correct it"));
            } else if (Files.exists(data.resolve("peers.json"))) {
                found.add(Finding.problem(
                        "identity",
                        file.toString(),
                        "it is missing although this node has run before: it would get a new identity, which none of its peers know",
                        "put it back from a backup before you start the node"));
            } else {
                found.add(Finding.ok("identity", "none yet: the node makes a key at its first start"));
            }
        } catch (IOException e) {
            found.add(unreadable("identity", file, e));
        }
        String passphrase = set("PARLEY_IDENTITY_PASSPHRASE_FILE", null);
        if (passphrase != null) {
            if (Files.isReadable(Path.of(passphrase))) {
                closed(Path.of(passphrase), "the file of the passphrase", NOT_THE_WORLD, "chmod o=");
            } else {
                found.add(Finding.problem(
                        "identity", passphrase, "PARLEY_IDENTITY_PASSPHRASE_FILE cannot be read", "correct it"));
            }
        }
    }

    private void certificate() {
        String name = set("PARLEY_IDENTITY_CERTIFICATE", null);
        boolean needed = "ca".equalsIgnoreCase(set("PARLEY_TRUST_MODE", ""));
        if (name == null) {
            found.add(
                    needed
                            ? Finding.problem(
                                    "certificate",
                                    "PARLEY_IDENTITY_CERTIFICATE",
                                    "no certificate is set, and peers in trust mode ca let in nobody without",
                                    "see FLEET.md")
                            : Finding.ok("certificate", "none is set, and none is needed"));
            return;
        }
        Path file = Path.of(name);
        try {
            if (Files.size(file) > MOST_OF_A_FILE) {
                throw new CertificateException("too long");
            }
            Instant begin = null;
            Instant end = Instant.MAX;
            try (var in = Files.newInputStream(file)) {
                for (var each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    var certificate = (X509Certificate) each;
                    // The first is the node's own.
                    begin = begin == null ? certificate.getNotBefore().toInstant() : begin;
                    Instant its = certificate.getNotAfter().toInstant();
                    end = its.isBefore(end) ? its : end;
                }
            }
            if (begin == null) {
                throw new CertificateException("none in it");
            }
            String advice = "renew it: `parley ca issue`, see FLEET.md";
            if (end.isBefore(now)) {
                found.add(Finding.problem("certificate", name, "it has expired at " + end, advice));
            } else if (end.isBefore(now.plus(soon(Duration.between(begin, end))))) {
                found.add(Finding.warning(
                        "certificate",
                        name,
                        "it expires at " + end + ", in " + days(Duration.between(now, end)),
                        advice));
            } else {
                found.add(Finding.ok("certificate", "valid until " + end));
            }
        } catch (NoSuchFileException e) {
            found.add(Finding.problem("certificate", name, "there is no such file", "correct the path"));
        } catch (IOException e) {
            found.add(unreadable("certificate", file, e));
        } catch (CertificateException e) {
            found.add(Finding.problem(
                    "certificate", name, "it holds no certificates in PEM", "put the certificate and its chain there"));
        }
    }

    private static Duration soon(Duration life) {
        Duration share = life.dividedBy(SOON_OF_LIFE);
        return share.compareTo(SOON) < 0 ? share : SOON;
    }

    private static String days(Duration left) {
        long days = left.toDays();
        return days == 0 ? "less than a day" : days + (days == 1 ? " day" : " days");
    }

    private void disk() {
        Path existing = data;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        String text = set("PARLEY_STORE_RESERVE", DEFAULT_RESERVE);
        long reserve = bytes(text);
        if (reserve < 0) {
            found.add(Finding.problem(
                    "disk", "PARLEY_STORE_RESERVE", "it is not a size", "set it to one like 64M or 1G"));
            return;
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String room = free / (1 << 20) + " MiB are free, " + reserve / (1 << 20)
                    + " MiB are kept in reserve (parley.store.reserve)";
            if (free <= reserve) {
                found.add(
                        Finding.problem("disk", data.toString(), "the node would take nothing: " + room, "make room"));
            } else if (free < 3 * reserve) {
                found.add(Finding.warning("disk", data.toString(), room, "make room"));
            } else {
                found.add(Finding.ok("disk", room));
            }
        } catch (IOException | NullPointerException e) {
            found.add(Finding.unknown("disk", "the system does not say how much is free"));
        }
    }

    private void store() {
        if (Files.exists(data.resolve("store.restore"))) {
            found.add(Finding.warning(
                    "store",
                    data.resolve("store.restore").toString(),
                    "a backup takes the place of the store when the node starts the next time",
                    "remove the file if that is not wanted"));
        } else if (Files.exists(data.resolve("store.mark")) && !Files.exists(data.resolve("store.db"))) {
            found.add(Finding.problem(
                    "store",
                    data.resolve("store.db").toString(),
                    "it is missing although there was one: all messages are gone with it",
                    "put it back from a backup: `parley backup` makes them"));
        } else {
            found.add(Finding.ok("store", "whether it is an older copy is seen at the start"));
        }
    }

    private void settings() {
        int before = found.size();
        risky(
                "PARLEY_AUDIT_ON_FAILURE",
                "continue",
                "the node goes on without an audit log when net.log cannot be written",
                "set it to stop");
        risky(
                "PARLEY_TRUST_MODE",
                "first-use",
                "an unknown peer is trusted at its first connection",
                "set it to approve or ca once the peers have met");
        risky(
                "PARLEY_FILES_ACCEPT",
                "trusted",
                "every peer that is let in can write files to this disk",
                "set it to ask or verified");
        if (found.size() == before) {
            found.add(Finding.ok("settings", "none of the risky ones is set in this environment"));
        }
    }

    private void risky(String name, String value, String text, String advice) {
        if (value.equalsIgnoreCase(set(name, ""))) {
            found.add(Finding.warning("settings", name, text, advice));
        }
    }

    private void closed(Path file, String what, Set<PosixFilePermission> allowed, String remedy) {
        try {
            var others = EnumSet.noneOf(PosixFilePermission.class);
            others.addAll(Files.getPosixFilePermissions(file));
            others.removeAll(allowed);
            if (!others.isEmpty()) {
                found.add(Finding.problem(
                        "data-directory",
                        file.toString(),
                        what + " is open to other users, and the node does not start so",
                        remedy + " '" + file + "'"));
            }
        } catch (NoSuchFileException e) {
            // It is another check's to say so.
            return;
        } catch (IOException e) {
            found.add(unreadable("data-directory", file, e));
        }
    }

    private static Finding unreadable(String check, Path file, IOException e) {
        return e instanceof AccessDeniedException
                ? Finding.problem(
                        check, file.toString(), "this user may not read it", "call this as the user that runs the node")
                : Finding.unknown(check, file + " could not be looked at");
    }

    private String set(String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** "64M" in bytes; -1 if it is not a size. */
    static long bytes(String text) {
        if (!text.matches("\\d{1,12}[KMGTkmgt]?")) {
            return -1;
        }
        int unit = "KMGT".indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
        return unit < 0
                ? Long.parseLong(text)
                : Long.parseLong(text.substring(0, text.length() - 1)) << 10 * (unit + 1);
    }
}
