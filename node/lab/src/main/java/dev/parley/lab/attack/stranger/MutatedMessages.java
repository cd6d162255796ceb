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
import dev.parley.lab.foe.Line;
import dev.parley.lab.foe.Line.Answer;
import dev.parley.lab.foe.Line.Kind;
import dev.parley.lab.foe.Seen;
import dev.parley.lab.foe.Source;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.LiveNode.LogLine;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.XWing;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Noise, and valid messages with something changed, the same ones in every run. */
public final class MutatedMessages implements Attack {
    private static final int NUMBER = 15;
    private static final long SEED = 15;
    private static final int NOISE = 16;
    private static final int HELLOS = 24;
    private static final int IDENTIFIES = 16;
    private static final int READIES = 8;
    /** Below a node's quota of unwraps for one address. */
    private static final int OF_ONE_ADDRESS = 12;

    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "garbage",
            "noise, and valid messages with a change",
            Position.STRANGER,
            "A key of its own, and a generator of changes with a fixed seed.",
            List.of(
                    "Send noise of many lengths in place of HELLO.",
                    "Do handshakes and change HELLO, IDENTIFY or READY: flip a bit, set a byte, cut, lengthen, double a part.",
                    "See whether anything changed gets as far as the unchanged message would, and whether the node takes harm."),
            "Without a tag over every message a change is not noticed, and a parser that trusts its input is the rest. In PSP/1 all bytes of the"
                    + " handshake enter the keys, and what opens is still parsed strictly.",
            List.of(
                    "Miller, Fredriksen, So: An Empirical Study of the Reliability of UNIX Utilities, CACM 1990 (fuzzing)",
                    "Somorovsky: Systematic Fuzzing and Testing of TLS Libraries, CCS 2016"),
            "a door without tags: whatever comes opens to something",
            Set.of(Defence.INTEGRITY),
            List.of(Defence.INTEGRITY, Defence.TRANSCRIPT, Defence.LENGTH_LIMITS),
            "REJECT 2 or 3, or the end of TCP",
            Set.of("HANDSHAKE_FAILED"),
            "stranger-garbage",
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
    public boolean fromOutside() {
        return true;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        Random random = new Random(SEED);
        try (Door door = Door.open(without)) {
            KeyPair alice = Curve.generate();
            door.approve(alice.getPublic().getEncoded());
            for (int i = 0; i < NOISE; i++) {
                try (Caller caller = new Caller(door.address(), without)) {
                    // The key is right, all that should prove it is noise.
                    caller.enter(Caller.Claim.of(
                            alice.getPublic().getEncoded(), Curve.generate().getPrivate()));
                    byte[] noise = new byte[1 + random.nextInt(200)];
                    random.nextBytes(noise);
                    caller.send(noise);
                    caller.answer();
                }
            }
            journal.defender("has " + door.said().size() + " messages");
            return door.said().isEmpty()
                    ? Trial.failed("nothing of " + NOISE + " messages of noise was taken")
                    : Trial.succeeded("the door took noise for " + door.said().size() + " messages of alice");
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        long before = bob.lastLine();
        Run run = new Run(bob, new Random(SEED), journal);
        journal.attacker("seed " + SEED);
        String broken = run.noise();
        broken = broken == null ? run.hellos() : broken;
        broken = broken == null ? run.identifies() : broken;
        broken = broken == null ? run.readies() : broken;
        if (broken != null) {
            return Trial.succeeded(broken);
        }
        if (!bob.isRunning()) {
            return Trial.succeeded("bob's process has ended");
        }
        LogLine defect = Seen.defect(bob, before);
        if (defect != null) {
            return Trial.succeeded("bob has run into a defect: " + defect.text());
        }
        if (run.silent > 0) {
            return Trial.unclear(run.silent + " connections were neither answered nor ended");
        }
        return Trial.failed(
                run.count + " changed messages got nowhere: " + run.rejected + " REJECT, " + run.ended + " hung up, "
                        + run.accepted + " HELLOs that are still HELLOs",
                Seen.failedHandshake(bob, run.first, 3));
    }

    /** One series of changes. */
    private static final class Run {
        final Source first = Source.fresh(NUMBER);
        private final LiveNode bob;
        private final Random random;
        private final Journal journal;
        private Source source = first;
        private int ofAddress;
        int count;
        int rejected;
        int ended;
        int accepted;
        int silent;

        Run(LiveNode bob, Random random, Journal journal) {
            this.bob = bob;
            this.random = random;
            this.journal = journal;
        }

        private Source source() {
            if (ofAddress++ >= OF_ONE_ADDRESS) {
                ofAddress = 1;
                source = Source.fresh(NUMBER);
            }
            return source;
        }

        String noise() throws IOException {
            for (int i = 0; i < NOISE; i++) {
                byte[] noise = new byte[1 << random.nextInt(13)];
                random.nextBytes(noise);
                try (Line line = Line.to(bob.address(), source())) {
                    line.send(noise);
                    line.finish();
                    Answer answer = note(line.await(Handmade.PATIENCE));
                    if (answer.kind() == Kind.FRAME && answer.rejected() < 0) {
                        return "noise was answered with " + answer;
                    }
                }
            }
            journal.defender("has hung up on " + NOISE + " kinds of noise");
            return null;
        }

        String hellos() throws IOException {
            for (int i = 0; i < HELLOS; i++) {
                byte[] key = XWing.generate(new SecureRandom()).publicKey();
                byte[] hello = Handmade.hello(1, new byte[] {2, 1}, key).bytes();
                try (Line line = Line.to(bob.address(), source())) {
                    line.send(changed(hello));
                    line.finish();
                    Answer answer = note(line.await(Handmade.PATIENCE));
                    if (answer.is(Frame.ACCEPT)) {
                        // Another key, or the suites in other order, make another good HELLO.
                        accepted++;
                    } else if (answer.kind() == Kind.FRAME && answer.rejected() < 0) {
                        return "a changed HELLO was answered with " + answer;
                    }
                }
            }
            return null;
        }

        String identifies() throws IOException {
            byte[] identity = Handmade.identity(bob.publicKey(), "");
            for (int i = 0; i < IDENTIFIES; i++) {
                try (Handmade foe = Handmade.dial(bob.address(), source()).hello()) {
                    byte[] secret = foe.secret();
                    byte[] good =
                            foe.identify(foe.wrap(secret), secret, identity).bytes();
                    foe.line().send(changed(good));
                    foe.line().finish();
                    Answer answer = note(foe.line().await(Handmade.PATIENCE));
                    if (answer.kind() == Kind.FRAME && answer.rejected() < 0) {
                        return "a changed IDENTIFY was answered with " + answer;
                    }
                }
            }
            return null;
        }

        String readies() throws IOException {
            IdentityKey key = Guest.newKey();
            for (int i = 0; i < READIES; i++) {
                try (Handmade foe = Handmade.dial(bob.address(), source()).hello()) {
                    foe.complete(key, foe.secret());
                    byte[] ready = foe.ready();
                    ready[4 + random.nextInt(ready.length - 4)] ^= (byte) (1 << random.nextInt(8));
                    foe.line().send(ready);
                    Answer answer = note(foe.line().await(Handmade.PATIENCE));
                    if (answer.kind() == Kind.FRAME && answer.rejected() < 0) {
                        return "a changed READY was answered with " + answer;
                    }
                }
            }
            journal.defender("has hung up on " + READIES + " changed READYs");
            return null;
        }

        private Answer note(Answer answer) {
            count++;
            rejected += answer.rejected() >= 0 ? 1 : 0;
            ended += answer.isEnd() ? 1 : 0;
            silent += answer.kind() == Kind.SILENCE ? 1 : 0;
            return answer;
        }

        /** Never the same bytes. */
        private byte[] changed(byte[] good) {
            int at = random.nextInt(good.length);
            byte[] changed = good.clone();
            switch (random.nextInt(5)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> changed[at] = (byte) (changed[at] + 1 + random.nextInt(255));
                case 2 -> changed = Arrays.copyOf(good, at);
                case 3 -> changed[random.nextInt(4)] ^= (byte) (1 << random.nextInt(8));
                default -> {
                    byte[] doubled = new byte[good.length + at];
                    System.arraycopy(good, 0, doubled, 0, at);
                    System.arraycopy(good, 0, doubled, at, good.length);
                    changed = at == 0 ? new byte[0] : doubled;
                }
            }
            return changed;
        }
    }
}
