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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** 2: turns "pay 100" into "pay 900" under way. */
final class BitFlip extends PathAttack {
    static final String SENT = "pay 100";
    static final String WANTED = "pay 900";
    static final int FIRST_DIGIT = 4;
    static final int CHANGE = '1' ^ '9';

    private static final int CONTROL_HEAD = 1 + Long.BYTES;
    private static final int GCM = 2;
    private static final int GCM_TAG = 16;
    private static final int CBC_TAG = 32;
    private static final int BLOCK = 16;

    BitFlip() {
        super(new Dossier(
                2,
                "bit-flip",
                "changes a chosen character of a text that it cannot read",
                Position.ON_PATH,
                "The connection, and the knowledge that alice is about to send \"pay 100\".",
                List.of(
                        "Let the session come up.",
                        "Hold the record that carries \"pay 100\".",
                        "Flip the one bit over the first digit: in the IV, or in the ciphertext of a stream cipher.",
                        "Pass it on and see what bob is shown."),
                "CBC adds the block before to each decrypted one, and a stream cipher adds its key stream: a flipped bit there is the"
                        + " same bit flipped in the plaintext. Only a tag over the ciphertext notices.",
                List.of("RFC 7366 (encrypt-then-MAC)", "EFAIL, Poddebniak et al., USENIX Security 2018"),
                "AES-CBC without a MAC",
                Set.of(Defence.INTEGRITY),
                List.of(Defence.INTEGRITY, Defence.UNIFORM_FAILURE, Defence.DURABLE_OUTBOX),
                "no CLOSE: bob falls silent and ends TCP; the text arrives unchanged on the next session",
                Set.of("TAMPERING"),
                "path-tamper",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(control, tap)) {
            control.alice().dial(relay.address(), "bob");
            tap.armOnce(Direction.OUT, CONTROL_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("flips one bit of the record's IV, over the first digit");
                wire.pass(direction, frame.flipped(CONTROL_HEAD + FIRST_DIGIT, CHANGE));
            });
            control.alice().say("bob", SENT);
            soon(() -> !control.bob().heard().isEmpty() || !control.bob().ends().isEmpty());
            List<String> heard = control.bob().heardFrom("alice");
            return heard.contains(WANTED)
                    ? Trial.succeeded("bob is shown \"" + WANTED + "\"")
                    : Trial.failed(
                            "bob is shown " + heard + "; " + control.bob().ends());
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        Tap tap = new Tap();
        try (Relay relay = relay(stand, tap)) {
            String session = stand.meet(relay.address());
            int suite =
                    relay.tapes().getLast().frames(Direction.BACK).getFirst().body()[0];
            String tail = mark("");
            String sent = SENT + tail;
            int fromTheEnd = sent.getBytes(StandardCharsets.UTF_8).length - FIRST_DIGIT;
            tap.armOnce(Direction.OUT, PARLEY_MESSAGE, (wire, direction, frame) -> {
                journal.attacker("flips one bit of the record, over the first digit");
                wire.pass(direction, flipped(frame, suite, fromTheEnd));
            });
            stand.deliver(stand.alice(), stand.bob(), sent);
            List<String> shown = shown(stand, stand.bob(), stand.alice(), tail);
            if (shown.contains(WANTED + tail)) {
                return Trial.succeeded("bob is shown \"" + WANTED + "\"");
            }
            return shown.equals(List.of(sent))
                    ? Trial.failed(
                            "bob ended the session and was shown \"" + SENT + "\" once, on the next",
                            tampering(stand.bob(), session))
                    : Trial.unclear("bob is shown " + shown);
        }
    }

    /** The text is the last of the plaintext; under CBC the block before it is the one to change. */
    private static Frame flipped(Frame frame, int suite, int fromTheEnd) {
        if (suite == GCM) {
            return frame.flipped(-(GCM_TAG + fromTheEnd), CHANGE);
        }
        // One block of padding at most: somewhere in the block before the text.
        return frame.flipped(-(CBC_TAG + BLOCK + fromTheEnd), CHANGE);
    }
}
