package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** 3: reads a text through the way in which a receiver refuses records. */
final class PaddingOracle extends PathAttack {
    private static final String SECRET = "the vault opens with 4711-0815";
    private static final int CONTROL_HEAD = 1 + Long.BYTES;

    PaddingOracle() {
        super(new Dossier(
                3,
                "padding-oracle",
                "reads a text through the way in which a receiver refuses changed records",
                Position.ON_PATH,
                "A record that it wants to read, and as many tries as it likes.",
                List.of(
                        "Hold a copy of the record that carries the secret.",
                        "Send changed copies, and tell by the answer whether the padding or the tag was wrong.",
                        "Where these differ: find the byte that makes the padding right, and with it the plaintext's; 128 tries a"
                                + " byte on average.",
                        "Against nodes, on the suite with padding: flip tags, the block that decides the padding, and lengths, 16 of each"
                                + " in sessions of their own, in random order; compare what comes back, how the connection ends, and when."),
                "Whoever decrypts before it authenticates tells, by an error or by time, whether the padding was right; that is one"
                        + " equation about the plaintext for each try.",
                List.of(
                        "Vaudenay, Security Flaws Induced by CBC Padding, EUROCRYPT 2002",
                        "CVE-2014-3566 (POODLE)",
                        "CVE-2013-0169 (Lucky 13)"),
                "AES-CBC and HMAC whose receiver decrypts first and answers what was wrong",
                Set.of(Defence.UNIFORM_FAILURE),
                List.of(Defence.UNIFORM_FAILURE, Defence.INTEGRITY),
                "no CLOSE and no ALERT: bob falls silent and ends TCP, whatever was wrong",
                Set.of("TAMPERING"),
                "path-padding-oracle",
                Duration.ofSeconds(90)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        var answers = new LinkedBlockingQueue<String>();
        var secret = new AtomicReference<Frame>();
        var toBob = new AtomicReference<Script.Wire>();
        Script script = (wire, direction, frame) -> {
            if (direction == Direction.OUT && frame.is(Frame.RECORD)) {
                secret.compareAndSet(null, frame);
                toBob.set(wire);
            }
            if (direction == Direction.BACK && frame.is(Frame.ALERT)) {
                answers.add(new String(frame.body(), StandardCharsets.UTF_8));
                return;
            }
            wire.pass(direction, frame);
        };
        try (Relay relay = relay(control, script)) {
            control.alice().dial(relay.address(), "bob");
            control.alice().say("bob", SECRET);
            if (!soon(() -> !control.bob().heard().isEmpty()) || toBob.get() == null) {
                return Trial.unclear("bob was not sent the secret");
            }
            var oracle = new ControlOracle(toBob.get(), answers, secret.get());
            byte[] recovered = Vaudenay.decrypt(secret.get().body(), oracle);
            if (recovered == null) {
                return Trial.failed("bob does not tell bad padding from a bad tag; "
                        + control.bob().ends());
            }
            String text = new String(
                    recovered, CONTROL_HEAD, Math.max(0, recovered.length - CONTROL_HEAD), StandardCharsets.UTF_8);
            journal.attacker("has read \"" + text + "\" with " + oracle.tries + " tries");
            return text.equals(SECRET)
                    ? Trial.succeeded("read \"" + text + "\" without a key, with " + oracle.tries + " tries")
                    : Trial.failed("recovered \"" + text + "\", which is not the secret");
        }
    }

    /** Asks the control's receiver. */
    private static final class ControlOracle implements Vaudenay.Oracle {
        private final Script.Wire wire;
        private final BlockingQueue<String> answers;
        private final int tag;
        private int tries;

        ControlOracle(Script.Wire wire, BlockingQueue<String> answers, Frame secret) {
            this.wire = wire;
            this.answers = answers;
            // The tag, if there is one, is what is left over after the blocks.
            this.tag = Math.min(32, secret.body().length);
        }

        @Override
        public Vaudenay.Answer ask(byte[] blocks) throws InterruptedException {
            tries++;
            byte[] body = java.util.Arrays.copyOf(blocks, blocks.length + tag);
            try {
                wire.inject(Direction.OUT, Frame.of(Frame.RECORD, body).bytes());
            } catch (java.io.IOException gone) {
                return Vaudenay.Answer.SILENCE;
            }
            String answer = answers.poll(500, TimeUnit.MILLISECONDS);
            if (answer == null) {
                return Vaudenay.Answer.SILENCE;
            }
            return answer.contains("padding") ? Vaudenay.Answer.BAD_PADDING : Vaudenay.Answer.GOOD_PADDING;
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        return new OracleHunt(stand, journal).run();
    }
}
