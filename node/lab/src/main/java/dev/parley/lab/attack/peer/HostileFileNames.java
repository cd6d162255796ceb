package dev.parley.lab.attack.peer;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Tray;
import dev.parley.lab.foe.Burglar;
import dev.parley.lab.foe.FileSender;
import dev.parley.lab.foe.Guest;
import dev.parley.lab.foe.Handmade;
import dev.parley.lab.foe.Source;
import dev.parley.lab.foe.Stranger;
import dev.parley.lab.foe.Texts;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.LiveNode.RefusedException;
import dev.parley.lab.stand.Stand;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Writer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Sends files whose names are paths, options, devices, or drive a terminal. */
public final class HostileFileNames implements Attack {
    private static final int NUMBER = 23;
    private static final int FILE_OFFER = 0x10;
    private static final String ESCAPED = "escaped-from-the-tray";
    private static final byte[] CONTENT = "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> NAMES = List.of(
            "../../" + ESCAPED,
            "/tmp/" + ESCAPED,
            "..\\..\\" + ESCAPED,
            "a/../../" + ESCAPED,
            ".bashrc",
            "-rf",
            "con.txt",
            "x:stream",
            "..",
            "name ");
    /** These the protocol does not allow at all. */
    private static final List<String> FORBIDDEN = List.of("a\nb", "a\0b", "\u001b[2J", "txt.\u202Eexe");

    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "hostile-file-names",
            "files named like paths, options, devices and escapes",
            Position.PEER,
            "A key that the victim trusts, and an operator who takes its files.",
            List.of(
                    "Offer files named like paths above and beside the place for files, like options, devices and hidden files.",
                    "Offer names with line ends, zeros, terminal escapes and letters that turn the direction of writing.",
                    "Have the operator accept all of them.",
                    "See what they are called now, and whether there is a file anywhere that was not there before."),
            "A receiver that writes where the sender says has given away its disk: scp let servers do so for 35 years. A node keeps files under ids"
                    + " of its own, sealed; a name is a suggestion, cleaned before anybody sees it, and those that cannot be cleaned end the session.",
            List.of(
                    "CVE-2018-20685, CVE-2019-6111 (scp)",
                    "CWE-22",
                    "Boucher, Anderson: Trojan Source, 2021 (direction of writing)"),
            "a tray that puts files under the name that the sender gives",
            Set.of(Defence.SAFE_FILE_NAMES),
            List.of(Defence.SAFE_FILE_NAMES),
            "no close to names that can be cleaned; CLOSE 2 to others",
            Set.of("FILE_COMPLETED", "PROTOCOL_VIOLATION"),
            "peer-files",
            Duration.ofSeconds(90));

    @Override
    public Dossier dossier() {
        return DOSSIER;
    }

    @Override
    public Set<Defence> concerns() {
        return Tray.SWITCHES;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        Path home = Files.createTempDirectory("parley-lab-tray-");
        try {
            Path place = Files.createDirectories(home.resolve("files/of-mallory"));
            Tray tray = new Tray(place, without);
            Path taken = tray.take("../../" + ESCAPED, Hash.sha256(CONTENT), CONTENT);
            journal.defender("has put the file at " + home.relativize(taken));
            return Files.exists(home.resolve(ESCAPED))
                    ? Trial.succeeded("the file is two directories above the place for files")
                    : Trial.failed("the file is where files belong");
        } finally {
            Burglar.delete(home);
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        Source source = Source.fresh(NUMBER);
        Path home = bob.dataDirectory().getParent();
        Set<Path> before = outside(bob);
        try (Stranger peer = new Stranger(bob).trusted("sender")) {
            try (Guest guest = Guest.join(bob.address(), source, peer.key(), "sender")) {
                if (!guest.isLetIn(Handmade.PATIENCE)) {
                    return Trial.unclear("bob does not let a trusted peer in");
                }
                for (String name : NAMES) {
                    Optional<String> now = send(bob, guest, name);
                    if (now.isEmpty()) {
                        return Trial.unclear("a file named \"" + name + "\" did not arrive");
                    }
                    journal.defender("calls \"" + name + "\" now \"" + now.get() + "\"");
                    if (!isHarmless(now.get())) {
                        return Trial.succeeded("bob calls a file \"" + now.get() + "\"");
                    }
                }
                guest.leave();
            }
            for (String name : FORBIDDEN) {
                try (Guest guest = Guest.join(bob.address(), source, peer.key(), "sender")) {
                    if (!guest.isLetIn(Handmade.PATIENCE)) {
                        return Trial.unclear("bob does not let a trusted peer in again");
                    }
                    guest.send(FILE_OFFER, offer(name));
                    int code = guest.awaitClose(Handmade.PATIENCE);
                    if (code != 2) {
                        return Trial.unclear("an unprintable name was answered with CLOSE " + code);
                    }
                }
            }
            journal.defender("answers names that are not printable with CLOSE 2");
            Set<Path> after = outside(bob);
            after.removeAll(before);
            if (!after.isEmpty() || Files.exists(Path.of("/tmp", ESCAPED))) {
                return Trial.succeeded("there are files outside of bob's data now: " + after + " below " + home);
            }
            return Trial.failed(
                    "all names were cleaned or refused, and nothing is outside of bob's data",
                    Trial.line(bob.name(), "FILE_COMPLETED", "peer", peer.peerId()),
                    Trial.line(bob.name(), "PROTOCOL_VIOLATION", "peer", peer.peerId()));
        }
    }

    /** Sends a file, which the operator accepts. @return what it is called then */
    private static Optional<String> send(LiveNode bob, Guest guest, String name) throws IOException {
        UUID id = Texts.id();
        guest.send(new Record.FileOffer(id, CONTENT.length, Hash.sha256(CONTENT), name, "text/plain"));
        if (!accept(bob, id)
                || !FileSender.awaitAccept(guest, id, Handmade.PATIENCE)
                || FileSender.finish(guest, id, 0, CONTENT, Handmade.PATIENCE) != Record.FileStatus.COMPLETE) {
            return Optional.empty();
        }
        return bob.call("GET", "/files/" + id, null) instanceof Map<?, ?> file
                ? Optional.of(String.valueOf(file.get("name")))
                : Optional.empty();
    }

    /** As the operator, once the offer is there. */
    static boolean accept(LiveNode node, UUID id) throws IOException {
        long deadline = System.nanoTime() + Handmade.PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                node.call("POST", "/files/" + id + "/accept", null);
                return true;
            } catch (RefusedException notYet) {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    private static boolean isHarmless(String name) {
        return !name.isBlank()
                && name.equals(name.strip())
                && !name.matches("(?s).*[/\\\\:\\p{Cntrl}\\p{Cf}].*")
                && !name.startsWith(".")
                && !name.startsWith("-")
                && !name.endsWith(".")
                && !name.matches("(?i)(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?");
    }

    private static byte[] offer(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return new Writer(64)
                .uuid(Texts.id())
                .u64(CONTENT.length)
                .bytes(Hash.sha256(CONTENT))
                .u8(text.length)
                .bytes(text)
                .u8(0)
                .toBytes();
    }

    /** What is around the data directory, and not in it. */
    private static Set<Path> outside(LiveNode node) throws IOException {
        Path home = node.dataDirectory().getParent();
        Set<Path> files = new HashSet<>(Burglar.files(home));
        files.removeIf(each -> each.startsWith(node.dataDirectory()));
        try (var beside = Files.list(home.getParent())) {
            files.addAll(beside.toList());
        }
        return files;
    }
}
