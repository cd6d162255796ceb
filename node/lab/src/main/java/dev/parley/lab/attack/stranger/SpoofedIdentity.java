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
import dev.parley.lab.foe.Impostor;
import dev.parley.lab.foe.Seen;
import dev.parley.lab.foe.Source;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Claims the public key of a peer that the victim trusts. */
public final class SpoofedIdentity implements Attack {
    private static final int NUMBER = 11;
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "spoof",
            "somebody else's public key, without its private key",
            Position.STRANGER,
            "The public key of a peer that the victim trusts: everybody who has talked to that peer has it.",
            List.of(
                    "Do the handshake by hand, with that key in IDENTIFY in place of one's own.",
                    "Take the wrap in CONFIRM, which only the key's owner can open.",
                    "Guess what is in it: nothing but zeros; the secret that was sent in IDENTIFY, should it be reflected; random bytes.",
                    "Seal READY with the keys that follow, send a message after it, and see whether the victim answers."),
            "Where a name or a key is believed because it was said, anybody is anybody. PSP/1 sends each side a fresh secret under the key it"
                    + " claims, and lets nobody in before a record has come that is sealed with keys which that secret has entered.",
            List.of(
                    "Angel, Dowling, Huelsing, Schwabe, Weber: Post Quantum Noise, CCS 2022",
                    "RFC 3552 section 3.3.3 (masquerade)"),
            "a door that believes the key in a hello",
            Set.of(Defence.AUTHENTICATION),
            List.of(Defence.AUTHENTICATION, Defence.PINNING),
            "no CLOSE: READY does not open, the handshake failed with code 3, TCP ends",
            Set.of("HANDSHAKE_FAILED"),
            "stranger-spoof",
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
            KeyPair alice = Curve.generate();
            door.approve(alice.getPublic().getEncoded());
            KeyPair mallory = Curve.generate();
            try (Caller caller = new Caller(door.address(), without)) {
                boolean in = caller.enter(Caller.Claim.of(alice.getPublic().getEncoded(), mallory.getPrivate()));
                journal.defender(in ? "lets in whoever says to be alice" : "asks for a proof, and does not get it");
                if (!in) {
                    return Trial.failed("the door asked for a proof of the key");
                }
                caller.say("it is me, alice");
            }
            String name = Door.name(alice.getPublic().getEncoded());
            return door.said().stream().anyMatch(each -> each.caller().equals(name))
                    ? Trial.succeeded("the door has a message that it takes for alice's")
                    : Trial.unclear("it was let in, and yet nothing was kept");
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode alice = stand.alice();
        LiveNode bob = stand.bob();
        Source source = Source.fresh(NUMBER);
        for (Impostor.Guess guess : Impostor.Guess.values()) {
            Impostor.Outcome outcome = Impostor.claim(bob, source, alice.publicKey(), guess, wrap -> null, journal);
            if (outcome == Impostor.Outcome.LET_IN) {
                return Trial.succeeded("bob answers somebody who has not shown alice's private key");
            }
            if (outcome != Impostor.Outcome.TURNED_AWAY) {
                return Trial.unclear("with the guess \"" + guess + "\" bob did something else: " + outcome);
            }
        }
        if (stand.received(bob, alice).contains(Impostor.TEXT)) {
            return Trial.succeeded("bob has the impostor's message, and takes it for alice's");
        }
        return Trial.failed(
                "bob ended each handshake at READY, and has nothing of what was sent",
                Seen.failedHandshake(bob, source, 3));
    }
}
