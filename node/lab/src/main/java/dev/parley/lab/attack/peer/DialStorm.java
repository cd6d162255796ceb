package dev.parley.lab.attack.peer;

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
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Comes with ever new identities, each of them proved. */
public final class DialStorm implements Attack {
    private static final int NUMBER = 24;
    private static final int IDENTITIES = 8;
    private static final int LIMIT = 3;
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "dial-storm",
            "a storm of dials with many identities",
            Position.PEER,
            "One address, as a peer behind it has, and as many keys as it likes to make.",
            List.of(
                    "Make eight keys and finish a handshake with each, from one address.",
                    "Count how many of them the victim keeps for its operator to decide about.",
                    "Have an honest peer dial meanwhile."),
            "Identities cost nothing but computing. Whatever is kept for each of them, a line in a list that somebody has to read among it, grows"
                    + " with as many as come. A node keeps three of one address and a hundred in all, and turns the others away.",
            List.of("Douceur: The Sybil Attack, IPTPS 2002"),
            "a door that keeps every stranger for its operator to decide about",
            Set.of(Defence.CAPS),
            List.of(Defence.CAPS, Defence.APPROVAL),
            "CLOSE 5 to the first three, CLOSE 4 to the others",
            Set.of("PEER_NOT_QUEUED"),
            "peer-storm",
            Duration.ofSeconds(90));

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
            for (int i = 0; i < IDENTITIES; i++) {
                try (Caller caller = new Caller(door.address(), without)) {
                    caller.enter(Caller.Claim.of(Curve.generate()));
                }
            }
            int kept = door.waitingForApproval();
            journal.defender("keeps " + kept + " strangers");
            return kept == IDENTITIES
                    ? Trial.succeeded("the door keeps all of " + kept + " strangers, and would keep more")
                    : Trial.failed("the door keeps " + kept + " of " + IDENTITIES + " strangers");
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        Source source = Source.fresh(NUMBER);
        List<Stranger> strangers = new ArrayList<>();
        try {
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < IDENTITIES; i++) {
                Stranger stranger = new Stranger(bob);
                strangers.add(stranger);
                try (Guest guest = Guest.join(bob.address(), source, stranger.key(), "number " + i)) {
                    codes.add(guest.awaitClose(Handmade.PATIENCE));
                }
            }
            journal.defender("ends " + IDENTITIES + " sessions with CLOSE " + codes);
            int pending = 0;
            for (Stranger each : strangers) {
                pending += Seen.knows(bob, each.peerId(), "PENDING") ? 1 : 0;
            }
            if (pending > LIMIT) {
                return Trial.succeeded("bob keeps " + pending + " identities of one address");
            }
            if (codes.contains(-1) || codes.contains(0)) {
                return Trial.unclear("bob ended sessions otherwise: " + codes);
            }
            try {
                stand.meet(bob.address());
            } catch (IOException shutOut) {
                return Trial.succeeded("an honest peer did not get a session afterwards: " + shutOut.getMessage());
            }
            return Trial.failed(
                    "bob keeps " + pending + " of " + IDENTITIES + " identities of one address",
                    Trial.line(
                            bob.name(),
                            "PEER_NOT_QUEUED",
                            "peer",
                            strangers.getLast().peerId()));
        } finally {
            for (Stranger each : strangers) {
                each.close();
            }
        }
    }
}
