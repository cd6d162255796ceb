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
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** 5: has a message delivered twice by hiding that it has arrived. */
final class Duplicate extends PathAttack {
    Duplicate() {
        super(new Dossier(
                5,
                "duplicate",
                "hides the acknowledgement, so that the sender sends again what has arrived",
                Position.ON_PATH,
                "The connection; it need not even break a record.",
                List.of(
                        "Pass on the record that carries a message.",
                        "Swallow all that bob answers, and reset the connection.",
                        "Let alice come again: she sends the message once more, in a genuine record.",
                        "See whether bob is shown it twice."),
                "Whoever keeps a message until it is acknowledged sends it twice if the acknowledgement is lost. That is right, and"
                        + " the receiver must know the message again.",
                List.of(
                        "Saltzer, Reed, Clark, End-to-End Arguments in System Design, 1984",
                        "RFC 9110, section 9.2.2 (idempotence)"),
                "messages without ids that outlive the session",
                Set.of(Defence.DELIVERY_IDS),
                List.of(Defence.DELIVERY_IDS, Defence.DURABLE_OUTBOX),
                "no close: TCP is reset; the message is acknowledged as a duplicate on the next session",
                Set.of("MESSAGE_DUPLICATE"),
                "path-reorder",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(control, tap)) {
            control.alice().dial(relay.address(), "bob");
            tap.arm(new HideAck(tap, CONTROL_MESSAGE, journal));
            control.alice().say("bob", BitFlip.SENT);
            soon(() -> !control.bob().heard().isEmpty());
            soon(() -> control.alice().session("bob") == null);
            tap.arm(null);
            control.alice().dial(relay.address(), "bob");
            soon(() -> control.alice().waiting("bob") == 0);
            never(() -> control.bob().heard().size() > 1);
            int times = control.bob().heardFrom("alice").size();
            return times > 1
                    ? Trial.succeeded("bob is shown \"" + BitFlip.SENT + "\" " + times + " times")
                    : Trial.failed("bob is shown it " + times + " times");
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(stand, tap)) {
            stand.meet(relay.address());
            tap.arm(new HideAck(tap, PARLEY_MESSAGE, journal));
            String text = mark("pay 100 once");
            String id = stand.deliver(stand.alice(), stand.bob(), text);
            int times = shown(stand, stand.bob(), stand.alice(), text).size();
            return times > 1
                    ? Trial.succeeded("bob is shown the text " + times + " times")
                    : Trial.failed(
                            "bob is shown the text once, and answers its second coming as a duplicate",
                            Trial.line("bob", "MESSAGE_DUPLICATE", "message", id));
        }
    }

    /** Passes one message on, and resets the connection at the answer to it. */
    private static final class HideAck implements Script {
        private final Tap tap;
        private final int least;
        private final Journal journal;
        private final AtomicBoolean passed = new AtomicBoolean();

        HideAck(Tap tap, int least, Journal journal) {
            this.tap = tap;
            this.least = least;
            this.journal = journal;
        }

        @Override
        public void frame(Wire wire, Direction direction, Frame frame) throws java.io.IOException {
            if (direction == Direction.OUT) {
                if (carries(frame, least)) {
                    passed.set(true);
                }
                wire.pass(direction, frame);
            } else if (passed.get()) {
                tap.arm(null);
                journal.attacker("swallows bob's answer and resets the connection");
                wire.reset();
            } else {
                wire.pass(direction, frame);
            }
        }
    }
}
