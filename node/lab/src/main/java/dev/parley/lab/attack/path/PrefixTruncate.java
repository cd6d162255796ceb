package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.control.Handshake;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** 6: takes away the first records of a session, in the shape of Terrapin. */
final class PrefixTruncate extends PathAttack {
    private static final int TO_ALICE = 2;

    PrefixTruncate() {
        super(new Dossier(
                6,
                "prefix-truncate",
                "slips a frame into the handshake so that the first record can be taken away unnoticed",
                Position.ON_PATH,
                "The connection, from its first byte on.",
                List.of(
                        "Slip a frame that means nothing into the handshake, before IDENTIFY: the receiver counts one more.",
                        "Take the first record after the handshake away: the numbers fit again.",
                        "Against nodes also each half alone: the frame slipped in, READY taken away, and bob's first record to alice taken away."),
                "Where the record numbers go on from a handshake that is not covered byte by byte, the path can trade one frame of"
                        + " the handshake for one record of the session.",
                List.of("CVE-2023-48795 (Terrapin), Bäumer, Brinkmann, Schwenk, USENIX Security 2024"),
                "a handshake that the keys do not depend on, and numbers that go on from it",
                Set.of(Defence.TRANSCRIPT),
                List.of(Defence.TRANSCRIPT, Defence.SEQUENCE_NUMBERS),
                "REJECT 2 for the frame slipped in; no CLOSE for the record taken away",
                Set.of("HANDSHAKE_FAILED"),
                "path-truncate",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        AtomicBoolean dropped = new AtomicBoolean();
        Script script = (wire, direction, frame) -> {
            if (direction == Direction.OUT && frame.is(Frame.IDENTIFY)) {
                journal.attacker("slips a frame in before IDENTIFY");
                wire.pass(direction, Frame.of(Handshake.IGNORE, new byte[0]));
            }
            if (direction == Direction.OUT && frame.is(Frame.RECORD) && dropped.compareAndSet(false, true)) {
                journal.attacker("swallows the first record");
                return;
            }
            wire.pass(direction, frame);
        };
        try (Relay relay = relay(control, script)) {
            try {
                control.alice().dial(relay.address(), "bob");
            } catch (java.io.IOException e) {
                return Trial.failed("no session: " + e.getMessage());
            }
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
        var connections = new AtomicInteger();
        try (Relay relay = Relay.before(stand.bob().address(), () -> script(connections.getAndIncrement(), journal))) {
            String problem = stand.dial(relay.address());
            String text = mark("not before friday");
            stand.deliver(stand.alice(), stand.bob(), text);
            int times = shown(stand, stand.bob(), stand.alice(), text).size();
            if (connections.get() <= TO_ALICE + 1) {
                return Trial.succeeded(
                        "a session came up at connection " + connections.get() + " of 4; the first dial: " + problem);
            }
            return times == 1
                    ? Trial.failed(
                            "none of " + (TO_ALICE + 1)
                                    + " spoilt connections became a session that lasted; the text came once",
                            Trial.line("bob", "HANDSHAKE_FAILED", "role", "RESPONDER"),
                            Trial.line("alice", "HANDSHAKE_FAILED", "detail", "a record does not open"))
                    : Trial.unclear("bob is shown the text " + times + " times");
        }
    }

    /** The first connection gets a frame too many, the second no READY, the third loses bob's first record; then it is over. */
    private static Script script(int connection, Journal journal) {
        var records = new AtomicInteger();
        return (wire, direction, frame) -> {
            if (connection == 0 && direction == Direction.OUT && frame.is(Frame.IDENTIFY)) {
                journal.attacker("slips a frame in before IDENTIFY");
                wire.pass(direction, Frame.of(Handshake.IGNORE, new byte[17]));
            }
            Direction spoilt = connection < TO_ALICE ? Direction.OUT : Direction.BACK;
            if (connection <= TO_ALICE
                    && direction == spoilt
                    && frame.is(Frame.RECORD)
                    && records.getAndIncrement() == 0) {
                journal.attacker("swallows the first record " + (spoilt == Direction.OUT ? "to bob" : "to alice"));
                return;
            }
            wire.pass(direction, frame);
        };
    }
}
