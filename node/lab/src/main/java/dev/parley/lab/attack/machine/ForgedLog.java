package dev.parley.lab.attack.machine;

import dev.parley.evidence.Finding;
import dev.parley.evidence.Forgery;
import dev.parley.evidence.Report;
import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Diary;
import dev.parley.lab.foe.Burglar;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Writes to the files of a node's log, and hopes that nobody sees it. */
public final class ForgedLog implements Attack {
    private static final int NUMBER = 25;
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "forged-log",
            "every forgery of net.log that the verifier knows",
            Position.ON_MACHINE,
            "The files of net.log, to read and to write, and for some forgeries the node's identity key.",
            List.of(
                    "Have the node log some messages, and stop it, so that its log ends with a seal.",
                    "On copies of the log: edit, delete, insert, swap, cut, splice, chain anew, unseal, seal again with keys of one's own, with the stolen"
                            + " identity, turn back the clock.",
                    "Have each copy verified, alone and then with the head of the log that somebody else remembers.",
                    "Verify the true log: it has to hold."),
            "A log that only its own machine vouches for says what the last one who wrote to it wants. Lines of net.log are chained by their hashes"
                    + " and sealed by keys that are erased once they have signed; what a log cannot show by itself, that its end is gone or that all of"
                    + " it was made anew with the identity key, the heads show that peers keep.",
            List.of(
                    "Bellare, Yee: Forward Integrity for Secure Audit Logs, 1997",
                    "Schneier, Kelsey: Secure Audit Logs to Support Computer Forensics, 1999",
                    "Crosby, Wallach: Efficient Data Structures for Tamper-Evident Logging, USENIX Security 2009"),
            "a log of numbered lines that nobody else has seen",
            Set.of(Defence.SEALED_LOG, Defence.WITNESSES),
            List.of(Defence.SEALED_LOG, Defence.WITNESSES),
            "no close: the node is stopped",
            Set.of("CHECKPOINT"),
            "machine-log",
            Duration.ofSeconds(120));

    @Override
    public Dossier dossier() {
        return DOSSIER;
    }

    @Override
    public Set<Defence> concerns() {
        return Diary.SWITCHES;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        Path directory = Files.createTempDirectory("parley-lab-diary-");
        try {
            Path file = directory.resolve("diary.log");
            Diary diary = new Diary(file, without);
            for (String each : List.of("alice came", "mallory took the silver", "bob came")) {
                diary.write(each);
            }
            if (!diary.holds()) {
                return Trial.unclear("the true log does not hold");
            }
            String honest = Files.readString(file);
            Files.writeString(file, honest.replace("mallory took", "alice took"));
            journal.attacker("writes alice's name in the place of mallory's");
            if (diary.holds()) {
                return Trial.succeeded("the log says that it was alice, and holds");
            }
            Files.writeString(file, honest.substring(0, honest.indexOf("2 mallory")));
            journal.attacker("cuts the log off before mallory came");
            return diary.holds()
                    ? Trial.succeeded("the log says nothing of mallory, and holds")
                    : Trial.failed("the auditor sees that a line was changed, and that lines are gone");
        } finally {
            Burglar.delete(directory);
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        stand.exchange();
        stand.exchange();
        bob.stop();
        List<Path> files = files(bob.dataDirectory());
        IdentityKey stolen =
                IdentityKey.fromPem(Files.readString(bob.dataDirectory().resolve("identity.pem")));
        Forgery.Loot loot = new Forgery.Loot(stolen, Forgery.Loot.none().today());
        var forger = new dev.parley.evidence.Trial(files, bob.peerId(), List.of(), loot);
        Report honest = forger.honest();
        if (!honest.holds()) {
            return Trial.unclear(
                    "bob's own log does not hold: " + honest.broken().getFirst());
        }
        List<String> unnoticed = new ArrayList<>();
        int alone = 0;
        int byHead = 0;
        for (Forgery each : Forgery.values()) {
            var outcome = forger.attempt(each, honest, stand.directory());
            if (!outcome.tried()) {
                return Trial.unclear("\"" + each.what() + "\" could not be tried on " + honest.lines() + " lines");
            }
            Finding finding = outcome.finding();
            journal.attacker(String.format(
                    Locale.ROOT,
                    "%-55s %s",
                    each.what(),
                    finding == null
                            ? "is not noticed"
                            : "is noticed" + (outcome.byHead() ? ", by a head from outside" : "") + ": "
                                    + finding.kind()));
            if (finding == null) {
                unnoticed.add(each.what());
            } else if (outcome.byHead()) {
                byHead++;
            } else {
                alone++;
            }
        }
        if (!unnoticed.isEmpty()) {
            return Trial.succeeded("nobody notices: " + unnoticed);
        }
        bob.start(Map.of());
        return Trial.failed(
                alone + " forgeries are seen in the log itself, " + byHead + " by a head that somebody else remembers",
                Trial.line(bob.name(), "CHECKPOINT"));
    }

    private static List<Path> files(Path data) throws IOException {
        try (Stream<Path> all = Files.list(data)) {
            return all.filter(each -> each.getFileName().toString().matches("net\\.log(\\.\\d+)?"))
                    .sorted()
                    .toList();
        }
    }
}
