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

/** 7: sends a message back to its sender. */
final class Reflect extends PathAttack {
    Reflect() {
        super(new Dossier(
                7,
                "reflect",
                "sends alice's own message back to her, as if bob had written it",
                Position.ON_PATH,
                "A record that alice sends.",
                List.of(
                        "Swallow the record that carries alice's message.",
                        "Send the same bytes back to her.",
                        "See whether she takes them for bob's."),
                "Where both directions use one key and count alike, a record opens at either end.",
                List.of(
                        "Bird et al., Systematic Design of Two-Party Authentication Protocols, CRYPTO 1991",
                        "RFC 8446, section 7.3"),
                "one key for both directions",
                Set.of(Defence.DIRECTION_KEYS),
                List.of(Defence.DIRECTION_KEYS),
                "no CLOSE: alice falls silent and ends TCP",
                Set.of("TAMPERING"),
                "path-reflect",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(control, tap)) {
            control.alice().dial(relay.address(), "bob");
            tap.armOnce(Direction.OUT, CONTROL_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("sends alice's record back to her");
                wire.pass(Direction.BACK, frame);
            });
            control.alice().say("bob", "yes, I agree");
            soon(() -> !control.alice().heard().isEmpty()
                    || !control.alice().ends().isEmpty());
            List<String> heard = control.alice().heardFrom("bob");
            return heard.contains("yes, I agree")
                    ? Trial.succeeded("alice is shown her own \"yes, I agree\" as bob's")
                    : Trial.failed("alice is shown nothing; " + control.alice().ends());
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(stand, tap)) {
            String session = stand.meet(relay.address());
            tap.armOnce(Direction.OUT, PARLEY_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("sends alice's record back to her");
                wire.pass(Direction.BACK, frame);
            });
            String text = mark("yes, I agree");
            stand.deliver(stand.alice(), stand.bob(), text);
            return shown(stand, stand.alice(), stand.bob(), text).isEmpty()
                    ? Trial.failed(
                            "alice ended the session, and her text reached bob on the next",
                            tampering(stand.alice(), session))
                    : Trial.succeeded("alice is shown her own text as bob's");
        }
    }
}
