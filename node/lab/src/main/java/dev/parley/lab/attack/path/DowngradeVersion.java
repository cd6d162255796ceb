package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.control.Handshake;
import dev.parley.lab.control.Parts;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** 9: lowers the version, or claims that there is none in common. */
final class DowngradeVersion extends PathAttack {
    private static final int SPOILT = 2;
    private static final byte NO_COMMON_VERSION = 1;

    DowngradeVersion() {
        super(new Dossier(
                9,
                "downgrade-version",
                "lowers the version in the offer, or claims that there is none in common",
                Position.ON_PATH,
                "The connection from its first byte on.",
                List.of(
                        "Write an older version into HELLO, and pass it on.",
                        "Against nodes, at the next dial: answer HELLO with a forged REJECT that says \"no common version\".",
                        "See whether a session comes up on an older version, or alice offers less of her own accord."),
                "Old versions stay because old peers do; a path that may choose chooses the oldest. Browsers used to try again with"
                        + " less by themselves.",
                List.of("CVE-2014-3566 (POODLE)", "RFC 7507 (fallback signalling)", "CVE-2016-0800 (DROWN)"),
                "keys that do not depend on the handshake's bytes",
                Set.of(Defence.TRANSCRIPT),
                List.of(Defence.TRANSCRIPT),
                "bob: REJECT 1",
                Set.of("HANDSHAKE_FAILED", "HANDSHAKE_REJECTED"),
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
            journal.attacker("writes version " + Handshake.OLDEST + " into HELLO");
            hello[0] = new byte[] {Handshake.OLDEST};
            wire.pass(direction, Frame.of(Frame.HELLO, Parts.join(hello)));
        };
        try (Relay relay = relay(control, script)) {
            int version =
                    control.alice().dial(relay.address(), "bob").established().version();
            return version == Handshake.OLDEST
                    ? Trial.succeeded("both have a session with version " + version)
                    : Trial.failed("the version is " + version);
        } catch (java.io.IOException e) {
            return Trial.failed("no session: " + e.getMessage());
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        var connections = new AtomicInteger();
        try (Relay relay = Relay.before(stand.bob().address(), () -> script(connections.getAndIncrement(), journal))) {
            stand.dial(relay.address());
            stand.deliver(stand.alice(), stand.bob(), mark("are you there?"));
            List<Relay.Tape> tapes = relay.tapes();
            if (tapes.size() <= SPOILT) {
                return Trial.succeeded("a session came up over a version that was written in");
            }
            // Version, count and suites; the key after them is fresh each time.
            List<String> offers = tapes.stream()
                    .map(each -> each.frames(Direction.OUT).getFirst().body())
                    .map(body -> HexFormat.of().formatHex(body, 0, 2 + body[1]))
                    .toList();
            if (offers.stream().distinct().count() > 1) {
                return Trial.succeeded("alice offered something else after her first dials had failed: " + offers);
            }
            return Trial.failed(
                    SPOILT + " dials failed, and alice made the same offer each time",
                    Trial.line("bob", "HANDSHAKE_FAILED", "code", 1),
                    Trial.line("alice", "HANDSHAKE_REJECTED", "code", 1));
        }
    }

    private static Script script(int connection, Journal journal) {
        return (wire, direction, frame) -> {
            if (connection >= SPOILT || !frame.is(Frame.HELLO)) {
                wire.pass(direction, frame);
            } else if (connection == 0) {
                journal.attacker("writes version 0 into HELLO");
                wire.pass(direction, frame.flipped(0, frame.body()[0]));
            } else {
                journal.attacker("answers for bob that there is no version in common");
                byte[] reason = "old peer".getBytes(StandardCharsets.UTF_8);
                byte[] body = new byte[1 + reason.length];
                body[0] = NO_COMMON_VERSION;
                System.arraycopy(reason, 0, body, 1, reason.length);
                wire.pass(Direction.BACK, Frame.of(Frame.REJECT, body));
                wire.end(Direction.BACK);
            }
        };
    }
}
