package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.control.Peer;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** 10: resets each connection as soon as it is of use. */
final class ResetStorm extends PathAttack {
    private static final Duration RESET_WITHIN = Duration.ofSeconds(8);
    private static final int MESSAGES = 8;
    private static final int RESETS = 6;

    ResetStorm() {
        super(new Dossier(
                10,
                "reset-storm",
                "resets each connection as soon as it carries a message",
                Position.ON_PATH,
                "The power to reset connections, as any box on the path has.",
                List.of(
                        "Let sessions come up.",
                        "Reset one when a message passes, after it has arrived or before, in turn.",
                        "Stop after " + RESETS + " resets, and see what has become of the messages."),
                "What was written to a connection that was reset is lost, unless its sender keeps it; and is there twice, unless its"
                        + " receiver knows it again.",
                List.of("Clayton, Murdoch, Watson, Ignoring the Great Firewall of China, PET 2006", "RFC 5961"),
                "messages that are forgotten once they are written",
                Set.of(Defence.DURABLE_OUTBOX),
                List.of(Defence.DURABLE_OUTBOX, Defence.DELIVERY_IDS, Defence.EXPLICIT_CLOSE),
                "no close: TCP is reset; every message is delivered once when it stops",
                Set.of("TRUNCATION", "MESSAGE_RECEIVED"),
                "path-inject",
                Duration.ofSeconds(90)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        var resets = new AtomicInteger();
        try (Relay relay = Relay.before(control.bob().address(), () -> storm(resets, CONTROL_MESSAGE, journal))) {
            control.alice().keep(relay.address(), "bob");
            List<String> sent = texts("");
            for (String each : sent) {
                // One after the other, each into a session of its own while the storm lasts.
                soon(() -> control.alice().session("bob") != null);
                control.alice().say("bob", each);
                int before = resets.get();
                if (before < RESETS) {
                    soon(() -> resets.get() > before);
                }
            }
            soon(() -> control.bob().heardFrom("alice").size() >= MESSAGES);
            never(() -> control.bob().heardFrom("alice").size() > MESSAGES);
            List<String> heard = control.bob().heardFrom("alice");
            return heard.equals(sent)
                    ? Trial.failed(
                            "all " + MESSAGES + " messages arrived once and in order, after " + resets + " resets")
                    : Trial.succeeded("of " + MESSAGES + " messages bob is shown " + heard);
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        var resets = new AtomicInteger();
        var begun = new AtomicBoolean();
        try (Relay relay = Relay.before(stand.bob().address(), () -> {
            Script storm = storm(resets, PARLEY_MESSAGE, journal);
            return (wire, direction, frame) -> (begun.get() ? storm : Script.HONEST).frame(wire, direction, frame);
        })) {
            String session = stand.meet(relay.address());
            begun.set(true);
            String mark = mark("");
            List<String> sent = texts(mark);
            String last = "";
            for (String each : sent) {
                int before = resets.get();
                last = queue(stand.alice(), stand.bob(), each);
                // One after the other: what goes out in one burst has arrived with the second reset.
                Peer.await(RESET_WITHIN, () -> before >= RESETS || resets.get() > before);
            }
            List<String> shown = awaitShown(stand, stand.bob(), stand.alice(), mark, sent);
            if (resets.get() < RESETS) {
                return Trial.unclear("only " + resets + " of " + RESETS + " resets came about");
            }
            String id = last;
            return shown.equals(sent)
                    ? Trial.failed(
                            "all " + MESSAGES + " messages arrived once and in order, after " + resets + " resets",
                            Trial.line("bob", "TRUNCATION", "session", session),
                            Trial.line("bob", "MESSAGE_RECEIVED", "message", id))
                    : Trial.succeeded("of " + MESSAGES + " messages bob is shown " + shown);
        }
    }

    private static List<String> texts(String mark) {
        List<String> texts = new ArrayList<>();
        for (int i = 1; i <= MESSAGES; i++) {
            texts.add("message " + i + mark);
        }
        return texts;
    }

    /** Resets at a message: in turn before it has passed, and when it is answered. */
    private static Script storm(AtomicInteger resets, int least, Journal journal) {
        var passed = new AtomicBoolean();
        return (wire, direction, frame) -> {
            if (resets.get() >= RESETS) {
                wire.pass(direction, frame);
            } else if (direction == Direction.OUT && carries(frame, least) && resets.get() % 2 == 0) {
                journal.attacker("resets the connection before a message: " + resets.incrementAndGet());
                wire.reset();
            } else if (direction == Direction.BACK && passed.get()) {
                journal.attacker("resets the connection at the answer to a message: " + resets.incrementAndGet());
                wire.reset();
            } else {
                passed.compareAndSet(false, direction == Direction.OUT && carries(frame, least));
                wire.pass(direction, frame);
            }
        };
    }
}
