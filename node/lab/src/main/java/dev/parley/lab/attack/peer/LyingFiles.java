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
import dev.parley.lab.stand.Stand;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.wire.Record;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Announces one file, and sends another. */
public final class LyingFiles implements Attack {
    private static final int NUMBER = 23;
    private static final byte[] PROMISED = "what was agreed on".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SENT = "what nobody wanted".getBytes(StandardCharsets.US_ASCII);
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "lying-files",
            "files that are not what was announced",
            Position.PEER,
            "A key that the victim trusts, and an operator who takes its files.",
            List.of(
                    "Announce the size and hash of one file and send another one of the same size.",
                    "Send more than was announced.",
                    "Send a chunk from beyond a gap.",
                    "See whether the victim shows any of them as complete."),
            "What is agreed on is a hash; who does not compare it has agreed to anything. A node hashes what comes, counts it, and shows a file"
                    + " only when all of it is there and its hash is the announced one.",
            List.of("CWE-354 (improper validation of an integrity check value)"),
            "a tray that does not compare the hash",
            Set.of(Defence.CONTENT_HASH),
            List.of(Defence.CONTENT_HASH),
            "no close: FILE_END 3 or 4 ends the transfer",
            Set.of("FILE_VIOLATION"),
            "peer-files",
            Duration.ofSeconds(60));

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
        Path place = Files.createTempDirectory("parley-lab-tray-");
        try {
            Path taken = new Tray(place, without).take("report", Hash.sha256(PROMISED), SENT);
            journal.defender(taken == null ? "does not take it" : "takes it");
            return taken == null
                    ? Trial.failed("the tray compared the hash, and took nothing")
                    : Trial.succeeded("the tray has another file than was announced, and does not know");
        } finally {
            Burglar.delete(place);
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        byte[] longer = new byte[PROMISED.length + 1];
        try (Stranger peer = new Stranger(bob).trusted("liar");
                Guest guest = Guest.join(bob.address(), Source.fresh(NUMBER), peer.key(), "liar")) {
            if (!guest.isLetIn(Handmade.PATIENCE)) {
                return Trial.unclear("bob does not let a trusted peer in");
            }
            for (Lie lie : List.of(
                    new Lie("another content", 0, SENT),
                    new Lie("more than was announced", 0, longer),
                    new Lie("a chunk beyond a gap", PROMISED.length - 1, new byte[1]),
                    new Lie("an empty chunk", 0, new byte[0]))) {
                UUID id = Texts.id();
                guest.send(
                        new Record.FileOffer(id, PROMISED.length, Hash.sha256(PROMISED), "report.txt", "text/plain"));
                if (!HostileFileNames.accept(bob, id) || !FileSender.awaitAccept(guest, id, Handmade.PATIENCE)) {
                    return Trial.unclear("bob did not take the offer");
                }
                Record.FileStatus status = FileSender.finish(guest, id, lie.offset(), lie.data(), Handmade.PATIENCE);
                Object state =
                        bob.call("GET", "/files/" + id, null) instanceof Map<?, ?> file ? file.get("state") : null;
                journal.defender("ends " + lie.name() + " with " + status + ", and shows it as " + state);
                if (status == Record.FileStatus.COMPLETE || "COMPLETE".equals(state)) {
                    return Trial.succeeded("bob took " + lie.name() + " for the file that was announced");
                }
                if (status == null) {
                    return Trial.unclear("bob did not end a transfer with " + lie.name());
                }
            }
            guest.leave();
            return Trial.failed(
                    "bob ended each of them, and shows none as complete",
                    Trial.line(bob.name(), "FILE_VIOLATION", "peer", peer.peerId()));
        }
    }

    private record Lie(String name, long offset, byte[] data) {}
}
