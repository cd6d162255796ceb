package dev.parley.lab.attack.path;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.control.Peer;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/** What the attacks on the path have in common. */
abstract class PathAttack implements Attack {
    /** For what must happen at the control, and has not yet. */
    static final Duration SOON = Duration.ofSeconds(3);
    /** How long the attacker waits at the control for what should not come. */
    static final Duration NEVER = Duration.ofMillis(250);
    /** For what must happen at nodes, a new session after a broken one among it. */
    static final Duration AT_NODES = Duration.ofSeconds(20);

    private final Dossier dossier;

    PathAttack(Dossier dossier) {
        this.dossier = dossier;
    }

    @Override
    public final Dossier dossier() {
        return dossier;
    }

    @Override
    public final Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        try (Control control = new Control(without, journal)) {
            return attack(control, journal);
        }
    }

    abstract Trial attack(Control control, Journal journal) throws Exception;

    /** Passes everything on, until it is told to do something else with records of one direction. */
    static final class Tap implements Script {
        private final AtomicReference<Script> armed = new AtomicReference<>();

        /** From now on frames go to this script. */
        void arm(Script script) {
            armed.set(script);
        }

        /** The next record of a direction that is long enough to carry a text goes to the script; everything else passes. */
        void armOnce(Direction wanted, int least, Script script) {
            arm((wire, direction, frame) -> {
                if (direction == wanted && carries(frame, least) && armed.getAndSet(null) != null) {
                    script.frame(wire, direction, frame);
                } else {
                    wire.pass(direction, frame);
                }
            });
        }

        boolean isArmed() {
            return armed.get() != null;
        }

        @Override
        public void frame(Wire wire, Direction direction, Frame frame) throws IOException {
            Script script = armed.get();
            (script == null ? HONEST : script).frame(wire, direction, frame);
        }
    }

    /** Whether a record is long enough to hold so many bytes of text, and so is no ping or acknowledgement. */
    static boolean carries(Frame frame, int least) {
        return frame.is(Frame.RECORD) && frame.bytes().length >= Frame.HEADER + least;
    }

    /** The shortest record of PSP/1 that can carry a message: kind, id, time, scope, type and tag. */
    static final int PARLEY_MESSAGE = 16 + 1 + 16 + 8 + 1 + 1 + 10;

    /** The shortest record of the control that can carry one. */
    static final int CONTROL_MESSAGE = 16;

    static Relay relay(Control control, Script script) throws IOException {
        return Relay.before(control.bob().address(), () -> script);
    }

    static Relay relay(Stand stand, Script script) throws IOException {
        return Relay.before(stand.bob().address(), () -> script);
    }

    /** Queues a text and does not wait. @return the message's id */
    static String queue(LiveNode from, LiveNode to, String text) throws IOException {
        Object reply = from.call("POST", "/messages", Map.of("to", to.peerId(), "text", text));
        return ((Map<?, ?>) reply).get("id").toString();
    }

    /** A text that no other attack has. */
    static String mark(String text) {
        byte[] nonce = new byte[4];
        ThreadLocalRandom.current().nextBytes(nonce);
        return text + " #" + HexFormat.of().formatHex(nonce);
    }

    /** Waits until a node shows exactly these of the texts that hold a mark. @return what it shows of them at the end */
    static List<String> awaitShown(Stand stand, LiveNode at, LiveNode from, String mark, List<String> expected)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + AT_NODES.toNanos();
        while (true) {
            List<String> shown = shown(stand, at, from, mark);
            if (shown.size() >= expected.size() || System.nanoTime() > deadline) {
                return shown;
            }
            Thread.sleep(Duration.ofMillis(50));
        }
    }

    static List<String> shown(Stand stand, LiveNode at, LiveNode from, String mark) throws IOException {
        return stand.received(at, from).stream()
                .filter(each -> each.contains(mark))
                .toList();
    }

    static boolean soon(java.util.function.BooleanSupplier condition) throws InterruptedException {
        return Peer.await(SOON, condition);
    }

    /** Whether something that should not be so does not become so for a while. */
    static boolean never(java.util.function.BooleanSupplier condition) throws InterruptedException {
        return !Peer.await(NEVER, condition);
    }

    /** Evidence: bob tells that a record of this session did not open. */
    static Trial.Evidence tampering(LiveNode at, String session) {
        return Trial.line(at.name(), "TAMPERING", "session", session);
    }
}
