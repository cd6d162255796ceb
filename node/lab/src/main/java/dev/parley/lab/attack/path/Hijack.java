package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.control.Session;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** 10: speaks in a session that is not its own, and takes it over. */
final class Hijack extends PathAttack {
    private static final String GREETING = "hello";
    private static final String FORGED = "pay 9!";
    private static final int BLOCK = 16;
    private static final int UNUSED_ID = 77;

    Hijack() {
        super(new Dossier(
                10,
                "hijack",
                "puts records of its own into a running session, and takes the connection over",
                Position.ON_PATH,
                "The connection, and one record whose plaintext it can guess: alice greets bob.",
                List.of(
                        "Let the session come up and the greeting pass.",
                        "Cut alice off, and keep the connection to bob.",
                        "Make a record of the greeting's ciphertext under an IV that turns it into an order, and send it as alice's.",
                        "Against nodes also into the running session: made-up records, to alice and to bob."),
                "One known block of CBC is any block: its IV is the attacker's to choose. Where no tag covers it, whoever holds the"
                        + " connection is alice.",
                List.of(
                        "Joncheray, A Simple Active Attack Against TCP, USENIX Security 1995",
                        "CVE-2016-5696 (off-path TCP injection)"),
                "AES-CBC without a MAC",
                Set.of(Defence.INTEGRITY),
                List.of(Defence.INTEGRITY, Defence.SEQUENCE_NUMBERS, Defence.DIRECTION_KEYS),
                "no CLOSE: whoever gets the record falls silent and ends TCP",
                Set.of("TAMPERING"),
                "path-inject",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        var greeting = new AtomicReference<Frame>();
        var toBob = new AtomicReference<Script.Wire>();
        var cut = new java.util.concurrent.atomic.AtomicBoolean();
        Script script = (wire, direction, frame) -> {
            if (direction == Direction.OUT && frame.is(Frame.RECORD)) {
                toBob.set(wire);
                greeting.compareAndSet(null, frame);
            }
            if (!cut.get()) {
                wire.pass(direction, frame);
            }
        };
        try (Relay relay = relay(control, script)) {
            control.alice().dial(relay.address(), "bob");
            control.alice().say("bob", GREETING);
            if (!soon(() -> !control.bob().heard().isEmpty())) {
                return Trial.unclear("bob was not greeted");
            }
            cut.set(true);
            // Alice's first message has the first id.
            byte[] known = Session.record(Session.MESSAGE, 1, GREETING.getBytes(StandardCharsets.UTF_8));
            byte[] wanted = Session.record(Session.MESSAGE, UNUSED_ID, FORGED.getBytes(StandardCharsets.UTF_8));
            byte[] body = forge(greeting.get().body(), known, wanted);
            journal.attacker("sends bob a record of its own making");
            toBob.get().pass(Direction.OUT, Frame.of(Frame.RECORD, body));
            soon(() -> control.bob().heard().size() > 1 || !control.bob().ends().isEmpty());
            List<String> heard = control.bob().heardFrom("alice");
            return heard.contains(FORGED)
                    ? Trial.succeeded("bob is shown \"" + FORGED + "\" as alice's, who never wrote it")
                    : Trial.failed(
                            "bob is shown " + heard + "; " + control.bob().ends());
        }
    }

    /** The same single block of ciphertext under the IV that makes it another plaintext. */
    private static byte[] forge(byte[] body, byte[] known, byte[] wanted) {
        byte[] forged = body.clone();
        byte[] before = padded(known);
        byte[] after = padded(wanted);
        for (int i = 0; i < BLOCK; i++) {
            forged[i] ^= (byte) (before[i] ^ after[i]);
        }
        return forged;
    }

    private static byte[] padded(byte[] plaintext) {
        byte[] block = Arrays.copyOf(plaintext, BLOCK);
        Arrays.fill(block, plaintext.length, BLOCK, (byte) (BLOCK - plaintext.length));
        return block;
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(stand, tap)) {
            String mark = mark("");
            String toBob = stand.meet(relay.address());
            tap.armOnce(Direction.OUT, PARLEY_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("cuts alice off, and goes on as alice");
                wire.pass(direction, madeUp(frame));
                wire.end(Direction.BACK);
            });
            stand.deliver(stand.alice(), stand.bob(), "hello" + mark);
            String toAlice = stand.meet(relay.address());
            tap.armOnce(Direction.OUT, PARLEY_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("answers alice as bob");
                wire.pass(Direction.BACK, madeUp(frame));
                wire.pass(direction, frame);
            });
            stand.deliver(stand.alice(), stand.bob(), "hello again" + mark);
            List<String> heard = stand.received(stand.alice(), stand.bob());
            List<String> shown = shown(stand, stand.bob(), stand.alice(), mark);
            return shown.equals(List.of("hello" + mark, "hello again" + mark))
                    ? Trial.failed(
                            "both ended their sessions; bob was shown what alice wrote, alice nothing new of "
                                    + heard.size(),
                            tampering(stand.bob(), toBob),
                            tampering(stand.alice(), toAlice))
                    : Trial.unclear("bob is shown " + shown);
        }
    }

    /** A record of the same length that nobody has sealed. */
    private static Frame madeUp(Frame like) {
        byte[] body = new byte[like.body().length];
        new SecureRandom().nextBytes(body);
        return Frame.of(Frame.RECORD, body);
    }
}
