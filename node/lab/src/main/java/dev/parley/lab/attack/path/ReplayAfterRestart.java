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
import java.util.Map;
import java.util.Set;

/** 4: waits until the victim has forgotten. */
final class ReplayAfterRestart extends PathAttack {
    ReplayAfterRestart() {
        super(new Dossier(
                4,
                "replay-after-restart",
                "plays a recorded session to a node that has been restarted",
                Position.ON_PATH,
                "All that alice sent to bob in a session, and the patience to wait until he is restarted.",
                List.of(
                        "Record a session in which alice sends bob an order.",
                        "Wait until bob's process has been killed and started again.",
                        "Play the recording to him, and see whether he is shown the order once more."),
                "What a receiver only remembers in memory it takes for new after a restart.",
                List.of("CVE-2008-0166", "RFC 9449, section 11.1 (replay and its memory)"),
                "a random generator that gives the same each time, and messages without ids",
                Set.of(Defence.FRESH_SECRETS, Defence.DELIVERY_IDS),
                List.of(Defence.FRESH_SECRETS, Defence.DELIVERY_IDS),
                "REJECT 3: IDENTIFY does not open",
                Set.of("HANDSHAKE_FAILED"),
                "path-replay",
                Duration.ofSeconds(120)));
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
        control.bob().restart();
        int before = control.bob().ends().size();
        journal.attacker("plays " + recorded.size() + " frames to bob, who has been restarted");
        Replayer.play(control.bob().address(), recorded);
        soon(() -> control.bob().ends().size() > before);
        int times = control.bob().heardFrom("alice").size();
        return times > 1
                ? Trial.succeeded("bob is shown \"" + BitFlip.SENT + "\" " + times + " times")
                : Trial.failed(
                        "bob is shown it " + times + " times; " + control.bob().ends());
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        try (Relay relay = relay(stand, Script.HONEST)) {
            stand.meet(relay.address());
            String text = mark("pay 100 once");
            stand.deliver(stand.alice(), stand.bob(), text);
            List<Frame> recorded = relay.tapes().getLast().frames(Direction.OUT);
            stand.bob().kill();
            stand.bob().start(Map.of());
            journal.attacker("plays " + recorded.size() + " frames to bob, who has been restarted");
            return ReplayHandshake.played(stand, Replayer.play(stand.bob().address(), recorded), text);
        }
    }
}
