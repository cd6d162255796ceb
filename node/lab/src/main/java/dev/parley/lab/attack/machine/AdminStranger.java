package dev.parley.lab.attack.machine;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Hatch;
import dev.parley.lab.foe.Burglar;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Calls the admin socket as another user of the machine. */
public final class AdminStranger implements Attack {
    private static final int NUMBER = 26;
    private static final int NOBODY = 65_534;
    private static final String NOT_ROOT =
            "only root can become another user: run the lab as root, with setpriv and curl installed, to try this";
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "admin-stranger",
            "another user at the admin socket",
            Position.ON_MACHINE,
            "A process on the node's machine with another user id; in the second step one that file permissions do not hold back.",
            List.of(
                    "As user 65534, connect to the node's admin socket and ask for its status.",
                    "Again with the capability CAP_DAC_OVERRIDE, as if the socket had been opened to everybody by mistake.",
                    "Ask for the peers, and to send a message."),
            "A socket that everybody may write to serves everybody, and a mode is soon wrong. A node's socket has mode 0600 in a directory of mode"
                    + " 0700, and behind that the node asks the kernel who calls, and serves whom a table names.",
            List.of(
                    "CVE-2019-5736 and CVE-2018-15664 show what a container daemon's socket is worth",
                    "unix(7), SO_PEERCRED"),
            "a process with a socket that everybody may write to, which asks nobody who it is",
            Set.of(Defence.ADMIN_PERMISSIONS),
            List.of(Defence.ADMIN_PERMISSIONS),
            "no connection; and past the permissions 403",
            Set.of("ADMIN_COMMAND"),
            "machine-socket",
            Duration.ofSeconds(60));

    @Override
    public Dossier dossier() {
        return DOSSIER;
    }

    @Override
    public Set<Defence> concerns() {
        return Hatch.SWITCHES;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        if (!canBeAnother()) {
            return Trial.unclear(NOT_ROOT);
        }
        Path directory = Files.createTempDirectory(
                "parley-lab-hatch-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Hatch hatch = Hatch.open(directory, without)) {
            Answer plain = ask(hatch.socket(), false, "GET", "/status");
            journal.defender("answers user " + NOBODY + " with " + plain);
            if (plain.text().contains(Hatch.STATUS)) {
                return Trial.succeeded("another user was told: " + plain.text());
            }
            Answer past = ask(hatch.socket(), true, "GET", "/status");
            return past.text().contains(Hatch.STATUS)
                    ? Trial.succeeded("another user whom permissions did not hold back was told: " + past.text())
                    : Trial.failed("another user could not connect, and past the permissions was not served");
        } finally {
            Burglar.delete(directory);
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        if (!canBeAnother()) {
            return Trial.unclear(NOT_ROOT);
        }
        LiveNode bob = stand.bob();
        Path socket = bob.adminSocket().toAbsolutePath();
        Answer plain = ask(socket, false, "GET", "/v1/status");
        journal.defender("answers user " + NOBODY + " with " + plain);
        if (plain.status() != 0) {
            return Trial.succeeded("another user can connect to the admin socket, and got status " + plain.status());
        }
        for (String[] request : new String[][] {
            {"GET", "/v1/status"}, {"GET", "/v1/peers"}, {"POST", "/v1/messages"}, {"GET", "/v1/openapi"}
        }) {
            Answer past = ask(socket, true, request[0], request[1]);
            journal.defender(
                    "answers " + request[0] + " " + request[1] + " past the permissions with " + past.status());
            if (past.status() >= 200 && past.status() < 300) {
                return Trial.succeeded("another user got " + request[1] + " from the node");
            }
            if (past.status() != 403) {
                return Trial.unclear(request[1] + " was answered with status " + past.status());
            }
        }
        return Trial.failed(
                "another user could not connect, and past the permissions was refused by the node",
                new Trial.Evidence(
                        bob.name(),
                        "ADMIN_COMMAND",
                        fields -> String.valueOf(fields.get("uid")).equals(String.valueOf(NOBODY))
                                && String.valueOf(fields.get("status")).equals("403")));
    }

    /** @param status of HTTP; 0 if no connection came up */
    private record Answer(int status, String text) {}

    private static boolean canBeAnother() {
        try {
            return run(List.of("setpriv", "--reuid", String.valueOf(NOBODY), "curl", "--version"))
                    .startsWith("curl");
        } catch (IOException missing) {
            return false;
        }
    }

    /** @param past whether with CAP_DAC_OVERRIDE, which no permission of a file holds back */
    private static Answer ask(Path socket, boolean past, String method, String path) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "setpriv", "--reuid", String.valueOf(NOBODY), "--regid", String.valueOf(NOBODY), "--clear-groups"));
        if (past) {
            command.addAll(List.of("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"));
        }
        command.addAll(List.of(
                "curl",
                "--silent",
                "--max-time",
                "10",
                "--write-out",
                "\n%{http_code}",
                "--request",
                method,
                "--unix-socket",
                socket.toString(),
                "http://node" + path));
        String output = run(command);
        int line = output.lastIndexOf('\n');
        try {
            return new Answer(
                    Integer.parseInt(output.substring(line + 1).strip()), output.substring(0, Math.max(0, line)));
        } catch (NumberFormatException e) {
            throw new IOException("curl said: " + output, e);
        }
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return output;
    }
}
