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

/** 6: ends a conversation where it suits. */
final class Truncate extends PathAttack {
    Truncate() {
        super(new Dossier(
                6,
                "truncate",
                "ends a conversation in the middle, as if it had been over",
                Position.ON_PATH,
                "The connection, and a moment at which bob should think that alice has nothing more to say.",
                List.of(
                        "Pass the first of two messages on.",
                        "Swallow the second, and end both directions with a FIN, as alice would.",
                        "Against nodes once more, in the middle of a record.",
                        "See whether bob takes it for an orderly end."),
                "TCP's end is not authenticated: who takes it for the conversation's lets the path choose the last word.",
                List.of(
                        "Smyth, Pironti, Truncating TLS Connections to Violate Beliefs in Web Applications, WOOT 2013",
                        "RFC 8446, section 6.1"),
                "a session that is over when TCP is",
                Set.of(Defence.EXPLICIT_CLOSE),
                List.of(Defence.EXPLICIT_CLOSE, Defence.DURABLE_OUTBOX),
                "TCP ends without CLOSE, and bob says so",
                Set.of("TRUNCATION"),
                "path-truncate",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(control, tap)) {
            control.alice().dial(relay.address(), "bob");
            control.alice().say("bob", BitFlip.SENT);
            soon(() -> !control.bob().heard().isEmpty());
            tap.armOnce(Direction.OUT, CONTROL_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("swallows the second message and ends the connection");
                wire.end(Direction.OUT);
                wire.end(Direction.BACK);
            });
            control.alice().say("bob", "but only if he signs");
            soon(() -> !control.bob().ends().isEmpty());
            List<String> ends = control.bob().ends();
            return ends.contains("session with alice closed")
                            && control.bob().heardFrom("alice").equals(List.of(BitFlip.SENT))
                    ? Trial.succeeded("bob has \"" + BitFlip.SENT + "\" and believes that alice has ended the session")
                    : Trial.failed("bob: " + ends);
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(stand, tap)) {
            String tail = mark("");
            String first = stand.meet(relay.address());
            stand.deliver(stand.alice(), stand.bob(), BitFlip.SENT + tail);
            tap.armOnce(Direction.OUT, PARLEY_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("swallows the second message and ends the connection");
                wire.end(Direction.OUT);
                wire.end(Direction.BACK);
            });
            stand.deliver(stand.alice(), stand.bob(), "but only if he signs" + tail);
            String second = stand.meet(relay.address());
            tap.armOnce(Direction.OUT, PARLEY_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("ends the connection in the middle of the third");
                wire.inject(direction, java.util.Arrays.copyOf(frame.bytes(), frame.bytes().length / 2));
                wire.end(Direction.OUT);
                wire.end(Direction.BACK);
            });
            stand.deliver(stand.alice(), stand.bob(), "and pays first" + tail);
            List<String> all = List.of(BitFlip.SENT + tail, "but only if he signs" + tail, "and pays first" + tail);
            List<String> shown = shown(stand, stand.bob(), stand.alice(), tail);
            for (String session : List.of(first, second)) {
                boolean orderly = stand.bob().linesAfter(0).stream()
                        .anyMatch(each -> each.event().equals("SESSION_CLOSED")
                                && session.equals(each.fields().get("session"))
                                && "THEM".equals(each.fields().get("by"))
                                && "0".equals(String.valueOf(each.fields().get("code"))));
                if (orderly) {
                    return Trial.succeeded("bob believes that alice has closed session " + session);
                }
            }
            return shown.equals(all)
                    ? Trial.failed(
                            "bob calls both a truncation, and was shown all three in order",
                            Trial.line("bob", "TRUNCATION", "session", first),
                            Trial.line("bob", "TRUNCATION", "session", second))
                    : Trial.unclear("bob is shown " + shown);
        }
    }
}
