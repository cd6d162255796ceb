package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.control.Parts;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** 9: takes the stronger suite from the offer. */
final class DowngradeSuite extends PathAttack {
    private static final int SPOILT = 2;
    private static final int COUNT_AT = 1;

    DowngradeSuite() {
        super(new Dossier(
                9,
                "downgrade-suite",
                "takes the stronger suite from the offer, so that both settle for the weaker",
                Position.ON_PATH,
                "The connection from its first byte on; HELLO is not encrypted.",
                List.of(
                        "Take the suite that both want most from HELLO, and pass it on.",
                        "See whether a session comes up on the other.",
                        "Against nodes: see also whether alice offers less at her next dial."),
                "Whoever chooses the suite from an offer that nobody proves lets the path choose.",
                List.of("CVE-2015-4000 (Logjam)", "CVE-2015-0204 (FREAK)", "RFC 7457, section 2.1"),
                "keys that do not depend on the handshake's bytes",
                Set.of(Defence.TRANSCRIPT),
                List.of(Defence.TRANSCRIPT),
                "alice: REJECT 3, as ACCEPT does not open",
                Set.of("HANDSHAKE_FAILED"),
                "path-downgrade",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        Script script = (wire, direction, frame) -> {
            if (!frame.is(Frame.HELLO)) {
                wire.pass(direction, frame);
                return;
            }
            byte[][] hello = Parts.split(frame.body(), 3);
            journal.attacker("takes suite " + hello[1][0] + " from HELLO");
            hello[1] = Arrays.copyOfRange(hello[1], 1, hello[1].length);
            wire.pass(direction, Frame.of(Frame.HELLO, Parts.join(hello)));
        };
        try (Relay relay = relay(control, script)) {
            var session = control.alice().dial(relay.address(), "bob");
            int suite = session.established().suite();
            return suite == dev.parley.lab.control.Handshake.WEAK
                    ? Trial.succeeded("both have a session with the weaker suite " + suite)
                    : Trial.failed("the suite is " + suite);
        } catch (java.io.IOException e) {
            return Trial.failed("no session: " + e.getMessage());
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        var connections = new AtomicInteger();
        try (Relay relay = Relay.before(
                stand.bob().address(), () -> connections.getAndIncrement() < SPOILT ? strip(journal) : Script.HONEST)) {
            stand.dial(relay.address());
            // It arrives only once a connection is left alone.
            stand.deliver(stand.alice(), stand.bob(), mark("are you there?"));
            List<Relay.Tape> tapes = relay.tapes();
            List<Integer> counts = new ArrayList<>();
            for (Relay.Tape each : tapes) {
                counts.add((int) each.frames(Direction.OUT).getFirst().body()[COUNT_AT]);
            }
            int whole = counts.getFirst();
            if (whole < 2) {
                return Trial.unclear("alice offers one suite only: there is nothing to take away");
            }
            if (tapes.size() <= SPOILT) {
                return Trial.succeeded("a session came up over an offer that lacked a suite");
            }
            if (counts.stream().anyMatch(each -> each < whole)) {
                return Trial.succeeded("alice offered less after her first dials had failed: " + counts);
            }
            return Trial.failed(
                    SPOILT + " dials failed, and alice offered the same " + whole + " suites each time",
                    Trial.line("alice", "HANDSHAKE_FAILED", "code", 3));
        }
    }

    /** {@code version, count, suites, key}: the first suite is what alice wants most. */
    private static Script strip(Journal journal) {
        return (wire, direction, frame) -> {
            if (!frame.is(Frame.HELLO)) {
                wire.pass(direction, frame);
                return;
            }
            byte[] body = frame.body();
            journal.attacker("takes suite " + body[COUNT_AT + 1] + " from HELLO");
            byte[] less = new byte[body.length - 1];
            less[0] = body[0];
            less[COUNT_AT] = (byte) (body[COUNT_AT] - 1);
            System.arraycopy(body, COUNT_AT + 2, less, COUNT_AT + 1, body.length - COUNT_AT - 2);
            wire.pass(direction, Frame.of(Frame.HELLO, less));
        };
    }
}
