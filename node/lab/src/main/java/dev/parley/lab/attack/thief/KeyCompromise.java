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
import dev.parley.lab.foe.Impostor;
import dev.parley.lab.foe.Seen;
import dev.parley.lab.foe.Source;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.KeyTransport;
import dev.parley.protocol.crypto.Secret;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Steals the key of one peer, to be another one towards it. */
public final class KeyCompromise implements Attack {
    private static final int NUMBER = 19;
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "key-compromise-impersonation",
            "the stolen key of bob, to be alice towards bob",
            Position.THIEF,
            "bob's identity.pem, and alice's public key.",
            List.of(
                    "Dial bob and claim alice's key.",
                    "Take the secret that bob wraps for alice, and do with it whatever bob's key allows: unwrap it, or guess.",
                    "Seal READY with the keys that follow, and send a message after it."),
            "Where both sides are authenticated by one secret that either private key gives, as with a static Diffie-Hellman key, a victim's own key"
                    + " lets the thief be anybody towards the victim. In PSP/1 bob sends a secret under alice's key: bob's key is of no use for it.",
            List.of(
                    "Blake-Wilson, Johnson, Menezes: Key Agreement Protocols and their Security Analysis, 1997",
                    "Hlauschek et al.: Prying Open Pandora's Box: KCI Attacks against TLS, WOOT 2015"),
            "a door that authenticates callers by a secret of both static keys",
            Set.of(Defence.MUTUAL_SECRETS),
            List.of(Defence.MUTUAL_SECRETS, Defence.AUTHENTICATION),
            "no CLOSE: READY does not open, the handshake failed with code 3, TCP ends",
            Set.of("HANDSHAKE_FAILED"),
            "thief-impersonation",
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
            byte[] claimed = alice.getPublic().getEncoded();
            door.approve(claimed);
            try (Caller caller = new Caller(door.address(), without)) {
                // The door's own private key, against the door.
                boolean in = caller.enter(Caller.Claim.of(claimed, door.key().getPrivate()));
                journal.defender(
                        in ? "takes the holder of its own key for alice" : "asks for more than its own key gives");
                if (!in) {
                    return Trial.failed("the door's key was of no use to be alice");
                }
                caller.say("it is me, alice");
            }
            return door.said().stream().anyMatch(each -> each.caller().equals(Door.name(claimed)))
                    ? Trial.succeeded("with the door's key the door has a message that it takes for alice's")
                    : Trial.unclear("it was let in, and yet nothing was kept");
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode alice = stand.alice();
        LiveNode bob = stand.bob();
        Source source = Source.fresh(NUMBER);
        IdentityKey stolen =
                IdentityKey.fromPem(Files.readString(bob.dataDirectory().resolve("identity.pem")));
        if (!stolen.peerId().toString().equals(bob.peerId())) {
            return Trial.unclear("the key that was stolen is not bob's");
        }
        Impostor.Outcome outcome = Impostor.claim(
                bob, source, alice.publicKey(), Impostor.Guess.RANDOM, wrap -> unwrapped(stolen, wrap), journal);
        if (outcome == Impostor.Outcome.LET_IN) {
            return Trial.succeeded("with bob's own key somebody was alice towards bob");
        }
        if (outcome != Impostor.Outcome.TURNED_AWAY) {
            return Trial.unclear("bob did something else: " + outcome);
        }
        if (stand.received(bob, alice).contains(Impostor.TEXT)) {
            return Trial.succeeded("bob has the impostor's message, and takes it for alice's");
        }
        return Trial.failed(
                "bob's key does not open what bob wraps for alice; the handshake ended at READY",
                Seen.failedHandshake(bob, source, 3));
    }

    /** As whoever holds the key would: what does not open becomes random bytes. */
    private static byte[] unwrapped(IdentityKey stolen, byte[] wrap) {
        try (Secret secret = KeyTransport.unwrap(stolen, wrap, Crypto.jdk(), new SecureRandom())) {
            return secret.reveal().clone();
        }
    }
}
