package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.control.Keys;
import dev.parley.lab.control.OwnKeys;
import dev.parley.lab.control.PublicKeys;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** 8: puts keys of its own between two that know each other. */
final class MitmChangedKey extends PathAttack {
    MitmChangedKey() {
        super(new Dossier(
                8,
                "mitm-changed-key",
                "answers with a key of its own where a known peer lives",
                Position.ON_PATH,
                "The path between two that know each other, and keys of its own.",
                List.of(
                        "Wait until alice dials the address at which she knows bob.",
                        "Answer with the attacker's own key, as bob; dial bob as alice.",
                        "Read what alice sends, change it, and pass it on."),
                "Encryption alone says nothing about who is at the other end. Whoever takes any key for its peer's talks to the"
                        + " path.",
                List.of("Ylönen, Lonvick, RFC 4251, section 4.1 (host keys)", "RFC 9325, section 3.6", "CVE-2009-3555"),
                "peers that take any key that comes under a known name",
                Set.of(Defence.PINNING),
                List.of(Defence.PINNING, Defence.AUTHENTICATION, Defence.APPROVAL),
                "alice: REJECT 4, and an alarm; bob: CLOSE 5 to a key that he does not know",
                Set.of("PEER_KEY_CHANGED", "HANDSHAKE_FAILED", "PEER_PENDING"),
                "path-mitm",
                Duration.ofSeconds(90)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        OwnKeys mallory = OwnKeys.of("mallory");
        PublicKeys own = mallory.shown();
        Keys asBob = Keys.pretending(new PublicKeys("bob", own.rsa(), own.agreement()), mallory);
        Keys asAlice = Keys.pretending(new PublicKeys("alice", own.rsa(), own.agreement()), mallory);
        return between(control, asBob, asAlice, journal);
    }

    /** Somebody passes for bob towards alice, and for alice towards bob. */
    static Trial between(Control control, Keys asBob, Keys asAlice, Journal journal) throws Exception {
        try (Middle middle = new Middle(control, asBob, Optional.of(asAlice), journal)) {
            try {
                control.alice().dial(middle.address(), "bob");
            } catch (IOException e) {
                return Trial.failed("no session: " + e.getMessage());
            }
            control.alice().say("bob", BitFlip.SENT);
            soon(() -> !control.bob().heard().isEmpty() || !control.bob().ends().isEmpty());
            boolean shown = control.bob().heardFrom("alice").contains(BitFlip.WANTED);
            return shown && middle.read().contains(BitFlip.SENT)
                    ? Trial.succeeded("read \"" + BitFlip.SENT + "\", and bob is shown \"" + BitFlip.WANTED + "\"")
                    : Trial.failed("read " + middle.read() + ", and bob is shown "
                            + control.bob().heard());
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode mallory = stand.add("mallory", Map.of());
        for (LiveNode each : List.of(stand.alice(), stand.bob())) {
            // The attacker lets both of them in on its side.
            mallory.call("POST", "/peers", Map.of("peerId", each.peerId(), "alias", "victim-" + each.name()));
            mallory.call("POST", "/peers/" + each.peerId() + "/verify", null);
        }
        String secret = mark("for bob alone");
        long before = stand.alice().lastLine();
        try (Relay relay = Relay.before(stand.bob().address(), () -> Script.HONEST)) {
            stand.meet(relay.address());
            journal.attacker("cuts the session, and answers alice where bob was, with the key of " + mallory.peerId());
            relay.turnTo(mallory.address());
            relay.cut();
            queue(stand.alice(), stand.bob(), secret);
            var noticed = stand.alice().awaitLine(before, "PEER_KEY_CHANGED", fields -> true, AT_NODES);
            journal.attacker("dials bob as alice");
            String towardsBob = FirstContact.dial(mallory, stand.bob().address());
            List<String> read = shown(stand, mallory, stand.alice(), secret);
            if (!read.isEmpty()) {
                return Trial.succeeded("mallory reads " + read);
            }
            if (noticed.isEmpty()
                    && mallory.linesAfter(0).stream()
                            .anyMatch(each -> each.event().equals("SESSION_UP"))) {
                return Trial.succeeded("alice has a session with mallory where she knows bob");
            }
            return Trial.failed(
                    "alice shows mallory nothing and raises an alarm; mallory's dial to bob ended with " + towardsBob,
                    Trial.line("alice", "PEER_KEY_CHANGED", "otherPeer", mallory.peerId()),
                    Trial.line("bob", "PEER_PENDING", "peer", mallory.peerId()));
        }
    }
}
