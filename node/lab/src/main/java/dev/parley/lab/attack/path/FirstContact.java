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
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** 8: is there when two meet for the first time. */
final class FirstContact extends PathAttack {
    FirstContact() {
        super(new Dossier(
                8,
                "mitm-first-contact",
                "answers in a newcomer's place at the first dial, when nobody knows its key",
                Position.ON_PATH,
                "The path to a newcomer whose key alice has never seen, and keys of its own.",
                List.of(
                        "Wait until alice dials the newcomer's address for the first time.",
                        "Answer with the attacker's own key, under the newcomer's name.",
                        "See what comes before anybody has compared a PeerId, and try to write to alice."),
                "At the first contact any key looks as good as any other. Trust at first sight is trust in the path; only comparing"
                        + " what the key hashes to with its owner tells them apart.",
                List.of(
                        "RFC 7435 (opportunistic security)",
                        "Gutmann, Do Users Verify SSH Keys?, USENIX ;login:, 2011"),
                "peers that take whoever comes",
                Set.of(Defence.APPROVAL),
                List.of(Defence.APPROVAL, Defence.PINNING),
                "the session is refused with 5, awaiting approval, or carries nothing; the PeerId is the attacker's",
                Set.of("PEER_PENDING"),
                "path-first-contact",
                Duration.ofSeconds(90)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        OwnKeys mallory = OwnKeys.of("mallory");
        PublicKeys own = mallory.shown();
        Keys asCarol = Keys.pretending(new PublicKeys("carol", own.rsa(), own.agreement()), mallory);
        try (Middle middle = new Middle(control, asCarol, Optional.empty(), journal)) {
            try {
                control.alice().dial(middle.address(), "carol");
            } catch (IOException e) {
                return Trial.failed("no session: " + e.getMessage());
            }
            control.alice().say("carol", BitFlip.SENT);
            soon(() -> !middle.read().isEmpty());
            return middle.read().contains(BitFlip.SENT)
                    ? Trial.succeeded("read \"" + BitFlip.SENT + "\", which was for carol")
                    : Trial.failed("read " + middle.read());
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        // It calls itself by the newcomer's name: names are claims.
        LiveNode mallory = stand.add("mallory", Map.of("PARLEY_NAME", "carol"));
        LiveNode alice = stand.alice();
        String toAlice = mark("I am carol");
        String toCarol = mark("for carol alone");
        // The attacker lets alice in on its side, and has a message for her ready.
        mallory.call("POST", "/peers", Map.of("peerId", alice.peerId(), "alias", "victim"));
        mallory.call("POST", "/peers/" + alice.peerId() + "/verify", null);
        queue(mallory, alice, toAlice);
        String dialed = dial(alice, mallory.address());
        String sent = send(alice, mallory, toCarol);
        journal.attacker("alice's dial: " + dialed + "; what she sends: " + sent);
        FirstContact.dial(mallory, alice.address());
        Object state = state(alice, mallory);
        boolean got = !shown(stand, mallory, alice, toCarol).isEmpty()
                || !stand.received(alice, mallory).isEmpty();
        if (got || !"PENDING".equals(state)) {
            return Trial.succeeded("a message passed, or the key is trusted: it is " + state);
        }
        return Trial.failed(
                "alice: the dial ended with " + dialed + ", the message with " + sent + "; the key is " + state + " as "
                        + mallory.peerId() + ", which is not what carol would read out",
                Trial.line("alice", "PEER_PENDING", "peer", mallory.peerId()));
    }

    /** Dials an address whoever answers. @return the problem's code, or the state */
    static String dial(LiveNode node, InetSocketAddress address) throws IOException {
        try {
            Object reply = node.call(
                    "POST", "/connections", Map.of("host", address.getAddress().getHostAddress(), "port", (long)
                            address.getPort()));
            return reply instanceof Map<?, ?> fields ? String.valueOf(fields.get("state")) : "nothing";
        } catch (LiveNode.RefusedException e) {
            return e.code();
        } finally {
            try {
                node.call(
                        "DELETE",
                        "/connections/" + address.getAddress().getHostAddress() + ":" + address.getPort(),
                        null);
            } catch (LiveNode.RefusedException gone) {
                // It is not kept.
            }
        }
    }

    private static String send(LiveNode from, LiveNode to, String text) throws IOException {
        try {
            queue(from, to, text);
            return "queued";
        } catch (LiveNode.RefusedException e) {
            return e.code();
        }
    }

    private static Object state(LiveNode at, LiveNode of) throws IOException {
        for (Object each : (List<?>) at.call("GET", "/peers", null)) {
            if (each instanceof Map<?, ?> peer && of.peerId().equals(peer.get("peerId"))) {
                return peer.get("state");
            }
        }
        return "UNKNOWN";
    }
}
