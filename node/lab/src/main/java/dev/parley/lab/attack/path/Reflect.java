package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
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
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

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
                        "Send the same bytes back to her; a node's records from the number on that she expects next.",
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
        var mirrors = new CopyOnWriteArrayList<Mirror>();
        try (Relay relay = Relay.before(stand.bob().address(), () -> {
            mirrors.add(new Mirror());
            return mirrors.getLast();
        })) {
            String session = stand.meet(relay.address());
            Mirror mirror = mirrors.getLast();
            int texts = mirror.turn();
            journal.attacker("sends alice's records back to her, from the number on that she expects");
            String tail = mark("");
            List<String> sent = IntStream.rangeClosed(1, texts)
                    .mapToObj(number -> "yes, I agree to " + number + tail)
                    .toList();
            for (String each : sent) {
                queue(stand.alice(), stand.bob(), each);
            }
            boolean arrived = Peer.await(
                    AT_NODES,
                    () -> count(stand, stand.alice(), stand.bob(), tail) > 0
                            || count(stand, stand.bob(), stand.alice(), tail) == sent.size());
            if (count(stand, stand.alice(), stand.bob(), tail) > 0) {
                return Trial.succeeded("alice is shown her own text as bob's");
            }
            return arrived
                    ? Trial.failed(
                            "alice ended the session, and what she said reached bob on the next",
                            tampering(stand.alice(), session))
                    : Trial.unclear("alice takes records of her own, and is not shown what they say");
        }
    }

    private static int count(Stand stand, LiveNode at, LiveNode from, String mark) {
        try {
            return shown(stand, at, from, mark).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Passes everything on until it is turned; then alice gets nothing but what she says herself. A record opens only under the
     * number that is next in its direction, so she gets her records from that number on, some of them from before.
     */
    private static final class Mirror implements Script {
        private final List<Frame> said = new ArrayList<>();
        private int heard;
        private boolean turned;

        /** @return how many records she has to send until one of them has the number that she expects, at least 1 */
        synchronized int turn() {
            turned = true;
            return Math.max(0, heard - said.size()) + 1;
        }

        @Override
        public synchronized void frame(Wire wire, Direction direction, Frame frame) throws IOException {
            if (direction == Direction.OUT && frame.is(Frame.RECORD)) {
                said.add(frame);
            }
            if (!turned) {
                heard += direction == Direction.BACK && frame.is(Frame.RECORD) ? 1 : 0;
                wire.pass(direction, frame);
            } else if (direction == Direction.OUT) {
                while (heard < said.size()) {
                    wire.pass(Direction.BACK, said.get(heard++));
                }
            }
        }
    }
}
