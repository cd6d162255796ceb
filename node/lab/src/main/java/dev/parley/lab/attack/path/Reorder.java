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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** 5: changes the order of two records. */
final class Reorder extends PathAttack {
    Reorder() {
        super(new Dossier(
                5,
                "reorder",
                "delivers the second of two messages first",
                Position.ON_PATH,
                "Two records that alice sends one after the other.",
                List.of(
                        "Hold the record that carries the first message.",
                        "Pass on the one that carries the second, and then the first.",
                        "See in which order bob is shown them."),
                "\"Do it\" and \"do not, after all\" mean something else the other way round; each record is genuine by itself.",
                List.of(
                        "RFC 8446, section 5.3",
                        "RFC 9147, section 4.5.1 (where reordering is wanted, numbers are sent)"),
                "records without numbers",
                Set.of(Defence.SEQUENCE_NUMBERS),
                List.of(Defence.SEQUENCE_NUMBERS, Defence.DURABLE_OUTBOX),
                "no CLOSE: bob falls silent and ends TCP; both messages arrive in order on the next session",
                Set.of("TAMPERING"),
                "path-reorder",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(control, tap)) {
            control.alice().dial(relay.address(), "bob");
            tap.arm(new Swap(tap, CONTROL_MESSAGE, journal));
            control.alice().say("bob", "do it");
            control.alice().say("bob", "do not");
            soon(() ->
                    control.bob().heard().size() == 2 || !control.bob().ends().isEmpty());
            List<String> heard = control.bob().heardFrom("alice");
            return heard.equals(List.of("do not", "do it"))
                    ? Trial.succeeded("bob is shown \"do not\" before \"do it\"")
                    : Trial.failed(
                            "bob is shown " + heard + "; " + control.bob().ends());
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(stand, tap)) {
            String session = stand.meet(relay.address());
            String tail = mark("");
            List<String> sent = List.of("do it" + tail, "do not" + tail);
            tap.arm(new Swap(tap, PARLEY_MESSAGE, journal));
            for (String each : sent) {
                queue(stand.alice(), stand.bob(), each);
            }
            List<String> shown = awaitShown(stand, stand.bob(), stand.alice(), tail, sent);
            if (shown.equals(sent.reversed())) {
                return Trial.succeeded("bob is shown the second message first");
            }
            return shown.equals(sent)
                    ? Trial.failed(
                            "bob ended the session and was shown both in order, on the next",
                            tampering(stand.bob(), session))
                    : Trial.unclear("bob is shown " + shown);
        }
    }

    /** Holds one record back until the next has passed; then lets everything pass. */
    private static final class Swap implements Script {
        private final Tap tap;
        private final int least;
        private final Journal journal;
        private final List<Frame> held = new ArrayList<>();

        Swap(Tap tap, int least, Journal journal) {
            this.tap = tap;
            this.least = least;
            this.journal = journal;
        }

        @Override
        public synchronized void frame(Wire wire, Direction direction, Frame frame) throws IOException {
            if (direction == Direction.BACK || !carries(frame, least)) {
                wire.pass(direction, frame);
            } else if (held.isEmpty()) {
                held.add(frame);
            } else {
                tap.arm(null);
                journal.attacker("passes the second record on, then the first");
                wire.pass(direction, frame);
                wire.pass(direction, held.getFirst());
            }
        }
    }
}
