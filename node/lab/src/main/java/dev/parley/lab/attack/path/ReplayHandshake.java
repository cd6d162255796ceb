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
import dev.parley.lab.wire.Script;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** 4: plays all that a peer once sent, from HELLO on. */
final class ReplayHandshake extends PathAttack {
    ReplayHandshake() {
        super(new Dossier(
                4,
                "replay-handshake",
                "plays a recorded session from its first byte on, and passes for the one who had it",
                Position.ON_PATH,
                "All that alice sent to bob in a session that is over.",
                List.of(
                        "Record a session of alice with bob.",
                        "Connect to bob, and send what she sent: HELLO, IDENTIFY, and the records.",
                        "See whether he takes it for a session with her."),
                "Where bob adds nothing of his own and new to the keys, yesterday's proof is good today.",
                List.of(
                        "CVE-2008-0166 (Debian's predictable random numbers)",
                        "RFC 8446, section 8 (0-RTT and replay)"),
                "a random generator that gives the same each time",
                Set.of(Defence.FRESH_SECRETS),
                List.of(Defence.FRESH_SECRETS, Defence.TRANSCRIPT, Defence.DELIVERY_IDS),
                "REJECT 3: IDENTIFY does not open",
                Set.of("HANDSHAKE_FAILED"),
                "path-replay",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        List<Frame> recorded;
        try (Relay relay = relay(control, Script.HONEST)) {
            control.alice().dial(relay.address(), "bob");
            control.alice().say("bob", BitFlip.SENT);
            if (!soon(() -> !control.bob().heard().isEmpty())) {
                return Trial.unclear("bob was not sent anything");
            }
            recorded = relay.tapes().getFirst().frames(Direction.OUT);
        }
        // alice's connections are reset with the relay.
        soon(() -> control.bob().session("alice") == null);
        int before = control.bob().ends().size();
        journal.attacker("plays " + recorded.size() + " frames to bob");
        Replayer.Outcome outcome = Replayer.play(control.bob().address(), recorded);
        soon(() -> control.bob().ends().size() > before);
        String end = control.bob().ends().getLast();
        return end.startsWith("session with alice")
                ? Trial.succeeded("bob takes a recording for alice: " + end)
                : Trial.failed("bob answers " + outcome.answers().size() + " frames; " + end);
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        try (Relay relay = relay(stand, Script.HONEST)) {
            stand.meet(relay.address());
            String text = mark("pay 100 once");
            stand.deliver(stand.alice(), stand.bob(), text);
            List<Frame> recorded = relay.tapes().getLast().frames(Direction.OUT);
            journal.attacker("plays " + recorded.size() + " frames to bob");
            return played(stand, Replayer.play(stand.bob().address(), recorded), text);
        }
    }

    /** What a node has made of a recording that it was played. */
    static Trial played(Stand stand, Replayer.Outcome outcome, String text) throws Exception {
        boolean record = outcome.answers().stream().anyMatch(each -> each.is(Frame.RECORD));
        int times = shown(stand, stand.bob(), stand.alice(), text).size();
        if (record || times != 1) {
            return Trial.succeeded("bob goes on with the recording; the text is shown " + times + " times");
        }
        return Trial.failed(
                "bob answers with " + outcome.answers() + " and is shown the text once",
                new Trial.Evidence(
                        "bob",
                        "HANDSHAKE_FAILED",
                        fields -> outcome.local().equals(fields.get("remote"))
                                && "3".equals(String.valueOf(fields.get("code")))));
    }
}
