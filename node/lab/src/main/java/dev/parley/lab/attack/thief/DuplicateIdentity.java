package dev.parley.lab.attack.thief;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Caller;
import dev.parley.lab.control.weak.Curve;
import dev.parley.lab.control.weak.Door;
import dev.parley.lab.foe.Burglar;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.LiveNode.LogLine;
import dev.parley.lab.stand.Stand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs a second node with a stolen identity beside the first. */
public final class DuplicateIdentity implements Attack {
    private static final int NUMBER = 22;
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(30);
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "duplicate-identity",
            "a second live node with alice's identity",
            Position.THIEF,
            "alice's identity.pem, without a passphrase.",
            List.of(
                    "Start a node with that key, while alice is up and has a session with bob.",
                    "Dial bob, who knows the key and lets it in.",
                    "See whether bob notices that two live nodes are one peer."),
            "Who holds a key is its owner, as far as a protocol can tell: the thief is let in and gets messages that are meant for alice. That"
                    + " cannot be stopped, only noticed. Each process has an instance id that peers ask for, and one that was heard from before and"
                    + " after another is no restart. A thief whose own software does not answer that question is not noticed by it.",
            List.of("Milner, Cremers, Yu, Ryan: Automatically Detecting the Misuse of Secrets, CSF 2017"),
            "a door that does not ask whether the one who comes is the one who is there",
            Set.of(Defence.DUPLICATE_DETECTION),
            List.of(Defence.DUPLICATE_DETECTION),
            "no close: the key is right; the operator is told",
            Set.of("DUPLICATE_IDENTITY"),
            "thief-duplicate",
            Duration.ofSeconds(120));

    @Override
    public Dossier dossier() {
        return DOSSIER;
    }

    @Override
    public Set<Defence> concerns() {
        return Door.SWITCHES;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        try (Door door = Door.open(without)) {
            KeyPair alice = Curve.generate();
            door.approve(alice.getPublic().getEncoded());
            try (Caller first = new Caller(door.address(), without);
                    Caller second = new Caller(door.address(), without)) {
                if (!first.enter(Caller.Claim.of(alice)) || !second.enter(Caller.Claim.of(alice))) {
                    return Trial.unclear("the door did not let the holder of the key in");
                }
                second.say("I am alice, too");
                first.say("I am alice");
                door.warnings().forEach(journal::defender);
                return door.warnings().isEmpty()
                        ? Trial.succeeded("two live callers with one key went unnoticed")
                        : Trial.failed("the door noticed: " + door.warnings().getFirst());
            }
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode alice = stand.alice();
        LiveNode bob = stand.bob();
        LiveNode twin = stand.add("twin", Map.of());
        twin.stop();
        Burglar.clear(twin.dataDirectory());
        Path identity = twin.dataDirectory().resolve("identity.pem");
        Files.copy(alice.dataDirectory().resolve("identity.pem"), identity, StandardCopyOption.COPY_ATTRIBUTES);
        twin.start(Map.of());
        if (!twin.peerId().equals(alice.peerId())) {
            return Trial.unclear("the second node did not take the stolen identity");
        }
        long before = bob.lastLine();
        journal.attacker("runs a second node as alice, and dials bob");
        twin.call(
                "POST",
                "/connections",
                Map.of(
                        "host",
                        bob.address().getAddress().getHostAddress(),
                        "port",
                        (long) bob.address().getPort(),
                        "expect",
                        bob.peerId(),
                        "acceptNew",
                        true));
        Optional<LogLine> noticed = bob.awaitLine(
                before, "DUPLICATE_IDENTITY", fields -> alice.peerId().equals(fields.get("peer")), NOTICED_WITHIN);
        if (noticed.isEmpty()) {
            boolean letIn = bob.linesAfter(before).stream()
                    .anyMatch(each -> each.event().equals("SESSION_UP")
                            && alice.peerId().equals(each.fields().get("peer")));
            return letIn
                    ? Trial.succeeded("a second node is alice towards bob, and bob has not noticed within "
                            + NOTICED_WITHIN.toSeconds() + " s")
                    : Trial.unclear("the second node did not get a session with bob");
        }
        journal.defender("notices two live nodes with alice's identity");
        return Trial.failed(
                "bob noticed that two live nodes are alice, and told the operator",
                Trial.line(bob.name(), "DUPLICATE_IDENTITY", "peer", alice.peerId()));
    }
}
