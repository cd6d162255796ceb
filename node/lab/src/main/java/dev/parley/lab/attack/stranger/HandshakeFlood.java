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
import dev.parley.lab.foe.Line;
import dev.parley.lab.foe.Source;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Opens connections that say nothing, until there is no room for anybody else. */
public final class HandshakeFlood implements Attack {
    private static final int NUMBER = 14;
    /** More than a node has places for one address. */
    private static final int OF_ONE_ADDRESS = 96;
    /** Together more than a node has places in all. */
    private static final int ADDRESSES = 40;

    private static final int OF_EACH = 14;

    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "flood-handshakes",
            "half-open handshakes by the hundred",
            Position.STRANGER,
            "As many addresses as it likes.",
            List.of(
                    "Open 96 connections from one address and say nothing.",
                    "Open 560 more from 40 addresses, more than the node has places for.",
                    "Meanwhile an honest peer dials anew: it has to get its session."),
            "A place that is taken before anything was shown costs the attacker a packet and the victim a place. What helps is that places are"
                    + " counted for each address, and that a newcomer takes the place of the oldest of the address with the most.",
            List.of("RFC 4987 (TCP SYN flooding, the same idea a layer below)"),
            "a door with 16 places and no limit for one address",
            Set.of(Defence.CAPS),
            List.of(Defence.CAPS, Defence.DEADLINES),
            "REJECT 7 to those displaced, REJECT 9 or the end of TCP to those too slow",
            Set.of("QUOTA_EXCEEDED"),
            "stranger-flood",
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
    public boolean fromOutside() {
        return true;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        List<Caller> silent = new ArrayList<>();
        try (Door door = Door.open(without)) {
            KeyPair alice = Curve.generate();
            door.approve(alice.getPublic().getEncoded());
            for (int i = 0; i < OF_ONE_ADDRESS; i++) {
                silent.add(new Caller(door.address(), without));
            }
            journal.attacker("holds " + silent.size() + " connections and says nothing");
            // Several tries, but within the time that a deadline lets the silent ones stay.
            for (int attempt = 0; attempt < 3; attempt++) {
                try (Caller honest = new Caller(door.address(), without)) {
                    if (honest.enter(Caller.Claim.of(alice)) && honest.say("here I am")) {
                        return Trial.failed("an honest caller got in at try " + (attempt + 1));
                    }
                }
                Thread.sleep(600);
            }
            return Trial.succeeded("an honest caller was shut out by " + silent.size() + " silent connections");
        } finally {
            for (Caller each : silent) {
                each.close();
            }
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        List<Line> silent = new ArrayList<>();
        Source first = Source.fresh(NUMBER);
        try {
            flood(bob, first, OF_ONE_ADDRESS, silent);
            for (int i = 0; i < ADDRESSES; i++) {
                flood(bob, Source.fresh(NUMBER), OF_EACH, silent);
            }
            long begun = System.nanoTime();
            journal.attacker("holds " + silent.size() + " connections");
            try {
                stand.meet(bob.address());
                stand.exchange();
            } catch (IOException shutOut) {
                return Trial.succeeded("an honest peer did not get a session meanwhile: " + shutOut.getMessage());
            }
            journal.defender("gives an honest peer a session after "
                    + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
            return Trial.failed(
                    "an honest peer got its session among " + silent.size() + " half-open handshakes",
                    new Trial.Evidence(bob.name(), "QUOTA_EXCEEDED", fields -> first.is(fields.get("remote"))));
        } finally {
            for (Line each : silent) {
                each.close();
            }
        }
    }

    private static void flood(LiveNode bob, Source source, int count, List<Line> into) throws IOException {
        for (int i = 0; i < count; i++) {
            into.add(Line.to(bob.address(), source));
        }
    }
}
