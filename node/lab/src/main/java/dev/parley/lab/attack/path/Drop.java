package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** 5: takes one record away. */
final class Drop extends PathAttack {
    Drop() {
        super(new Dossier(
                5,
                "drop",
                "takes one message out of a conversation that goes on",
                Position.ON_PATH,
                "The record that it does not want bob to get.",
                List.of(
                        "Swallow the record that carries the first of two messages.",
                        "Pass everything else on, as if nothing were missing.",
                        "See whether the session goes on with the second."),
                "Without numbers a gap looks like nothing at all.",
                List.of("RFC 8446, section 5.3", "CVE-2023-48795 (Terrapin)"),
                "records without numbers",
                Set.of(Defence.SEQUENCE_NUMBERS),
                List.of(Defence.SEQUENCE_NUMBERS, Defence.DURABLE_OUTBOX),
                "no CLOSE: bob falls silent and ends TCP; both messages arrive on the next session",
                Set.of("TAMPERING"),
                "path-reorder",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(control, tap)) {
            control.alice().dial(relay.address(), "bob");
            tap.armOnce(
                    Direction.OUT, CONTROL_MESSAGE, (wire, direction, frame) -> journal.attacker("swallows " + frame));
            control.alice().say("bob", "not before friday");
            control.alice().say("bob", BitFlip.SENT);
            soon(() -> !control.bob().heard().isEmpty() || !control.bob().ends().isEmpty());
            List<String> heard = control.bob().heardFrom("alice");
            boolean goesOn = never(() -> !control.bob().ends().isEmpty());
            return heard.equals(List.of(BitFlip.SENT)) && goesOn
                    ? Trial.succeeded("bob is shown the second message alone, and the session goes on")
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
            List<String> sent = List.of("not before friday" + tail, BitFlip.SENT + tail);
            tap.armOnce(
                    Direction.OUT, PARLEY_MESSAGE, (wire, direction, frame) -> journal.attacker("swallows " + frame));
            for (String each : sent) {
                queue(stand.alice(), stand.bob(), each);
            }
            List<String> shown = awaitShown(stand, stand.bob(), stand.alice(), tail, sent);
            if (!shown.isEmpty() && !shown.getFirst().equals(sent.getFirst())) {
                return Trial.succeeded("bob is shown " + shown);
            }
            return shown.equals(sent)
                    ? Trial.failed(
                            "bob ended the session and was shown both in order, on the next",
                            tampering(stand.bob(), session))
                    : Trial.unclear("bob is shown " + shown);
        }
    }
}
