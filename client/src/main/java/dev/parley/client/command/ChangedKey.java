package dev.parley.client.command;

import dev.parley.admin.AcceptKeyReply;
import dev.parley.admin.AcceptKeyRequest;
import dev.parley.admin.OtherKeyInfo;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.PeerState;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows and accepts the key that answered in a known peer's place. */
final class ChangedKey {
    private static final int GROUP = 4;

    private ChangedKey() {}

    /** The two ids below each other, with a mark under each group that differs. */
    static List<String> show(PeerInfo peer, Instant now) {
        OtherKeyInfo other = peer.otherKey();
        String known = PeerNames.groups(peer.peerId());
        String answered = PeerNames.groups(other.peerId());
        StringBuilder marks = new StringBuilder();
        for (int at = 0; at < Math.min(known.length(), answered.length()); at += GROUP + 1) {
            int end = Math.min(at + GROUP, Math.min(known.length(), answered.length()));
            boolean differs = !known.substring(at, end).equals(answered.substring(at, end));
            marks.append((differs ? "^" : " ").repeat(end - at)).append(' ');
        }
        List<String> lines = new ArrayList<>();
        lines.add("other key     at " + Plain.line(other.address()) + ", refused; first "
                + Words.ago(other.firstSeen(), now) + ", last " + Words.ago(other.lastSeen(), now));
        lines.add("  known       " + known);
        lines.add("  answered    " + answered);
        lines.add("              " + marks.toString().stripTrailing());
        if (peer.state() == PeerState.VERIFIED) {
            lines.add("  the known key was verified: the other one is not");
        }
        return lines;
    }

    /** The known peer at an address. */
    static Optional<PeerInfo> at(Node node, String address) throws IOException {
        return node.list(PeerInfo.class, "/peers").value().stream()
                .filter(peer -> peer.addresses() != null && peer.addresses().contains(address))
                .filter(peer -> peer.state() == PeerState.TRUSTED || peer.state() == PeerState.VERIFIED)
                .findFirst();
    }

    static void accept(Context context, String peer, String peerId) throws IOException {
        Answer<AcceptKeyReply> answer = context.node()
                .post(
                        AcceptKeyReply.class,
                        "/peers/" + PeerRef.encoded(peer) + "/accept-key",
                        new AcceptKeyRequest(PeerRef.of(peerId)),
                        Node.SHORT);
        context.answer(answer, reply -> {
            PeerInfo now = reply.peer();
            context.line(PeerNames.of(now.alias(), now.peerId()) + " has another key now: "
                    + PeerNames.groups(now.peerId()));
            tell(context, reply);
        });
    }

    private static void tell(Context context, AcceptKeyReply reply) {
        if (reply.wasVerified()) {
            context.note("the old key was verified, the new one is not: `parley verify`");
        }
        if (reply.waiting() > 0) {
            context.note(Words.count(reply.waiting(), "message") + " stay with the old key "
                    + PeerNames.brief(reply.previousPeerId())
                    + " and go nowhere: `parley messages` lists them; send again what the new key may read, and"
                    + " `parley peers forget` the old one");
        }
    }
}
