package dev.parley.lab.attack.stranger;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Caller;
import dev.parley.lab.control.weak.Curve;
import dev.parley.lab.control.weak.Door;
import dev.parley.lab.foe.Guest;
import dev.parley.lab.foe.Handmade;
import dev.parley.lab.foe.Seen;
import dev.parley.lab.foe.Source;
import dev.parley.lab.foe.Stranger;
import dev.parley.lab.foe.Texts;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.wire.Record;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Comes with a key of its own that is not known, no longer trusted, or blocked, and sends before anybody has let it in. */
public final class NotWelcome implements Attack {
    private static final int NUMBER = 17;
    private static final int AWAITING = 5;
    private static final int BLOCKED = 6;
    private static final String TEXT = "you did not let me in";
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "refused",
            "unknown, forgotten or blocked, and sending all the same",
            Position.STRANGER,
            "Keys of its own: one never seen, one that was trusted and forgotten, one that is blocked, one that is blocked while its session is up.",
            List.of(
                    "Do a handshake in good order with each.",
                    "Send a message, a file and a ratchet right behind READY, without waiting to be let in.",
                    "Have the operator block the last one in the middle of its session, and send on; come again."),
            "To prove a key is not to be wanted. Where authorisation is only looked at later, or only at the start, what came before or after is"
                    + " in. A node looks with READY, handles nothing of whom it does not want, and ends live sessions of whom it blocks.",
            List.of("CWE-862 (missing authorization)", "CWE-613 (sessions that outlive a revocation)"),
            "a door that lets in whoever has a key",
            Set.of(Defence.APPROVAL),
            List.of(Defence.APPROVAL, Defence.AUTHENTICATION),
            "CLOSE 5 to who is unknown or forgotten, CLOSE 6 to who is blocked",
            Set.of("SESSION_REFUSED", "PEER_PENDING"),
            "stranger-refused",
            Duration.ofSeconds(60));

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
            KeyPair mallory = Curve.generate();
            try (Caller caller = new Caller(door.address(), without)) {
                boolean in = caller.enter(Caller.Claim.of(mallory)) && caller.say(TEXT);
                journal.defender(in ? "lets in somebody it never heard of" : "turns away somebody it never heard of");
            }
            return door.said().isEmpty()
                    ? Trial.failed("the door kept nothing of somebody it does not know")
                    : Trial.succeeded("the door kept a message of somebody it never heard of");
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        Source source = Source.fresh(NUMBER);
        try (Stranger unknown = new Stranger(bob);
                Stranger forgotten = new Stranger(bob).trusted("forgotten");
                Stranger blocked = new Stranger(bob).trusted("blocked");
                Stranger dropped = new Stranger(bob).trusted("dropped")) {
            forgotten.forget();
            blocked.blocked();
            for (Case each : List.of(
                    new Case("unknown", unknown, AWAITING),
                    new Case("forgotten", forgotten, AWAITING),
                    new Case("blocked", blocked, BLOCKED))) {
                Optional<Trial> broken = come(bob, source, each, journal);
                if (broken.isPresent()) {
                    return broken.get();
                }
            }
            try (Guest guest = Guest.join(bob.address(), source, dropped.key(), "dropped")) {
                if (!guest.isLetIn(Handmade.PATIENCE)) {
                    return Trial.unclear("bob does not let a trusted peer in");
                }
                dropped.blocked();
                int code = guest.awaitClose(Handmade.PATIENCE);
                journal.defender("ends the session of who was blocked in the middle of it with CLOSE " + code);
                if (!guest.hasEnded() && code < 0) {
                    return Trial.succeeded("the session of a peer that was blocked goes on");
                }
            }
            Optional<Trial> broken = come(bob, source, new Case("blocked in its session", dropped, BLOCKED), journal);
            if (broken.isPresent()) {
                return broken.get();
            }
            return Trial.failed(
                    "bob let none of them in, and kept nothing of what they sent",
                    Seen.refused(bob, unknown.peerId(), AWAITING),
                    Seen.refused(bob, forgotten.peerId(), AWAITING),
                    Seen.refused(bob, blocked.peerId(), BLOCKED),
                    Seen.refused(bob, dropped.peerId(), BLOCKED),
                    Trial.line(bob.name(), "PEER_PENDING", "peer", unknown.peerId()));
        }
    }

    private record Case(String name, Stranger who, int code) {}

    /** @return empty: it was turned away as it has to be */
    private static Optional<Trial> come(LiveNode bob, Source source, Case each, Journal journal) throws IOException {
        try (Guest guest = Guest.join(bob.address(), source, each.who().key(), "guest")) {
            guest.send(Texts.direct(TEXT));
            guest.send(new Record.FileOffer(Texts.id(), 1, Hash.sha256(new byte[1]), "unwanted.txt", "text/plain"));
            Optional<Record> first = guest.receive(Handmade.PATIENCE);
            journal.defender("answers somebody " + each.name() + " with " + first);
            if (first.isPresent() && !(first.get() instanceof Record.Close)) {
                return Optional.of(Trial.succeeded("bob answers somebody " + each.name() + " with " + first.get()));
            }
            if (!(first.orElse(null) instanceof Record.Close close) || close.code() != each.code()) {
                return Optional.of(Trial.unclear("somebody " + each.name() + " got " + first));
            }
        }
        boolean kept = Seen.list(bob.call("GET", "/files", null)).stream()
                .anyMatch(file -> each.who().peerId().equals(file.get("peerId")));
        Object history = bob.call("GET", "/history?limit=20", null);
        return kept || String.valueOf(history).contains(TEXT)
                ? Optional.of(Trial.succeeded("bob has kept what somebody " + each.name() + " sent"))
                : Optional.empty();
    }
}
