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
import dev.parley.lab.control.weak.DoorKeys;
import dev.parley.lab.foe.Guest;
import dev.parley.lab.foe.Handmade;
import dev.parley.lab.foe.Source;
import dev.parley.lab.foe.Stranger;
import dev.parley.lab.foe.Texts;
import dev.parley.lab.foe.Transcript;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Has the keys of a running session, and listens on. */
public final class LeakedSessionKey implements Attack {
    private static final int NUMBER = 20;
    private static final String BEFORE = "said before the ratchet";
    private static final String AFTER = "said after the ratchet";
    private static final Duration RATCHETED_WITHIN = Duration.ofSeconds(20);
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "leaked-session-key",
            "the keys of a running session, leaked before a ratchet",
            Position.THIEF,
            "Everything that goes over the wire, and the traffic keys of both directions as they are in the memory of one side when the session"
                    + " begins.",
            List.of(
                    "Have an honest peer whose memory leaks hold a session with a node that is set to ratchet early.",
                    "Open what is said before the ratchet with the leaked keys: that they work is seen here.",
                    "Go on after the ratchet, with every key that leaked, every direction, and every number."),
            "Keys that live as long as a session open all of it once they leak. A ratchet mixes a fresh X-Wing secret in and erases the old keys:"
                    + " a thief who only listens is shut out again. One who alters the ratchet's own records with leaked keys is on the path with"
                    + " a session's keys, and stays in until the next handshake.",
            List.of(
                    "Cohn-Gordon, Cremers, Garratt: On Post-Compromise Security, CSF 2016",
                    "Perrin, Marlinspike: The Double Ratchet Algorithm, 2016"),
            "a door that uses one key for as long as a session lasts",
            Set.of(Defence.RATCHET),
            List.of(Defence.RATCHET),
            "no close: nothing was done to it",
            Set.of("SESSION_RATCHETED"),
            "thief-session-key",
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
            try (Caller caller = new Caller(door.address(), without)) {
                if (!caller.enter(Caller.Claim.of(alice))) {
                    return Trial.unclear("the door did not let alice in");
                }
                DoorKeys leaked = caller.leak();
                caller.say(BEFORE);
                long before = caller.n() - 1;
                if (!reads(leaked, before, caller.sent().getLast(), BEFORE)) {
                    return Trial.unclear("the leaked keys do not even open what was said before");
                }
                caller.ratchet();
                long after = caller.n();
                if (!caller.say(AFTER)) {
                    return Trial.unclear("the door did not go on after the ratchet");
                }
                return reads(leaked, after, caller.sent().getLast(), AFTER)
                        ? Trial.succeeded("the leaked keys still open what is said later")
                        : Trial.failed("the leaked keys open nothing after the ratchet");
            }
        }
    }

    private static boolean reads(DoorKeys keys, long n, byte[] sealed, String text) {
        byte[] record = keys.open(true, n, sealed);
        return record != null && new String(record, StandardCharsets.UTF_8).endsWith(text);
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode early = stand.add("early", Map.of("PARLEY_RATCHET_RECORDS", "4", "PARLEY_TRUST_MODE", "first-use"));
        List<byte[]> out = new ArrayList<>();
        List<byte[]> back = new ArrayList<>();
        try (Stranger honest = new Stranger(early);
                Guest guest = Guest.join(
                        early.address(),
                        Source.fresh(NUMBER),
                        honest.key(),
                        "leaky",
                        (direction, frame) -> (direction == Direction.OUT ? out : back).add(frame))) {
            Transcript.Traffic leaked = guest.leaked();
            if (!guest.isLetIn(Handmade.PATIENCE)) {
                return Trial.unclear("the node does not let the honest peer in");
            }
            int sent = out.size();
            if (guest.deliver(Texts.direct(BEFORE), Handmade.PATIENCE).isEmpty()) {
                return Trial.unclear("the node did not take an honest message");
            }
            if (!contains(leaked.open(true, sent, out.get(sent)), BEFORE)) {
                return Trial.unclear("the leaked keys do not even open what was said before");
            }
            journal.attacker("reads with the leaked keys: " + BEFORE);
            long deadline = System.nanoTime() + RATCHETED_WITHIN.toNanos();
            while ((guest.sendEpoch() == 0 || guest.receiveEpoch() == 0) && System.nanoTime() < deadline) {
                guest.isLetIn(Duration.ofMillis(200));
            }
            boolean ratcheted = guest.sendEpoch() > 0 && guest.receiveEpoch() > 0;
            int fromOut = out.size();
            int fromBack = back.size();
            journal.defender(
                    ratcheted
                            ? "has moved to epoch " + guest.receiveEpoch()
                            : "has not ratcheted within " + RATCHETED_WITHIN.toSeconds() + " s");
            boolean came = guest.deliver(Texts.direct(AFTER), Handmade.PATIENCE).isPresent();
            List<byte[]> later = new ArrayList<>(out.subList(fromOut, out.size()));
            later.addAll(back.subList(fromBack, back.size()));
            for (byte[] frame : later) {
                for (long n = 0; n < out.size() + back.size(); n++) {
                    if (leaked.open(true, n, frame) != null || leaked.open(false, n, frame) != null) {
                        return Trial.succeeded(
                                ratcheted
                                        ? "a leaked key opens a record after the ratchet"
                                        : "the node goes on under the leaked keys");
                    }
                }
            }
            guest.leave();
            if (!ratcheted) {
                return Trial.unclear("the node did not ratchet, and yet the leaked keys open nothing more");
            }
            if (!came || later.isEmpty()) {
                return Trial.unclear("what was said after the ratchet did not come, so nothing is shown");
            }
            return Trial.failed(
                    "the leaked keys open what was said before, and none of " + later.size()
                            + " records after the ratchet",
                    Trial.line(early.name(), "SESSION_RATCHETED", "session", guest.session()));
        }
    }

    private static boolean contains(byte[] record, String text) {
        return record != null && new String(record, StandardCharsets.UTF_8).contains(text);
    }
}
