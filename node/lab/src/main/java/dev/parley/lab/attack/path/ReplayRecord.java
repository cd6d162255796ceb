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
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** 4: sends a record again. */
final class ReplayRecord extends PathAttack {
    ReplayRecord() {
        super(new Dossier(
                4,
                "replay-record",
                "sends a recorded record again, in its session and in the next",
                Position.ON_PATH,
                "The record that carries an order which it would like to see carried out twice.",
                List.of(
                        "Pass the record on, and the same bytes once more.",
                        "Against nodes, when the next session is up: send it there too."),
                "A record that opens opens again, unless its tag covers its place; the content is as genuine as it was.",
                List.of("RFC 8446, section 5.3 (per-record nonce)", "RFC 5246, appendix F.2"),
                "records without numbers, and messages without ids",
                Set.of(Defence.SEQUENCE_NUMBERS, Defence.DELIVERY_IDS),
                List.of(Defence.SEQUENCE_NUMBERS, Defence.DELIVERY_IDS, Defence.FRESH_SECRETS),
                "no CLOSE: bob falls silent and ends TCP",
                Set.of("TAMPERING"),
                "path-replay",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(control, tap)) {
            control.alice().dial(relay.address(), "bob");
            tap.armOnce(Direction.OUT, CONTROL_MESSAGE, (wire, direction, frame) -> {
                wire.pass(direction, frame);
                journal.attacker("sends the record once more");
                wire.pass(direction, frame);
            });
            control.alice().say("bob", BitFlip.SENT);
            soon(() -> !control.bob().heard().isEmpty());
            never(() -> control.bob().heard().size() > 1);
            int times = control.bob().heardFrom("alice").size();
            return times > 1
                    ? Trial.succeeded("bob is shown \"" + BitFlip.SENT + "\" " + times + " times")
                    : Trial.failed("bob is shown it " + times + " times; "
                            + control.bob().ends());
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(stand, tap)) {
            String first = stand.meet(relay.address());
            String text = mark("pay 100 once");
            var recorded = new AtomicReference<Frame>();
            tap.armOnce(Direction.OUT, PARLEY_MESSAGE, (wire, direction, frame) -> {
                recorded.set(frame);
                wire.pass(direction, frame);
                journal.attacker("sends the record once more");
                wire.pass(direction, frame);
            });
            stand.deliver(stand.alice(), stand.bob(), text);
            String second = stand.meet(relay.address());
            tap.armOnce(Direction.OUT, PARLEY_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("sends the record in the next session, before alice's own");
                wire.pass(direction, recorded.get());
                wire.pass(direction, frame);
            });
            stand.deliver(stand.alice(), stand.bob(), mark("and nothing else"));
            int times = shown(stand, stand.bob(), stand.alice(), text).size();
            return times > 1
                    ? Trial.succeeded("bob is shown the text " + times + " times")
                    : Trial.failed(
                            "bob ended both sessions, and was shown the text once",
                            tampering(stand.bob(), first),
                            tampering(stand.bob(), second));
        }
    }
}
