package dev.parley.lab.attack.peer;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Caller;
import dev.parley.lab.control.weak.Curve;
import dev.parley.lab.control.weak.Door;
import dev.parley.lab.foe.Guest;
import dev.parley.lab.foe.Handmade;
import dev.parley.lab.foe.Source;
import dev.parley.lab.foe.Stranger;
import dev.parley.lab.foe.Texts;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.wire.Record;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Is trusted, and sends more than anybody wants, and what nobody can read. */
public final class FloodingPeer implements Attack {
    private static final int NUMBER = 23;
    private static final int MESSAGES = 200;
    private static final int KEPT = 40;
    private static final int MESSAGE = 0x01;
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "flooding-peer",
            "a trusted peer that floods, and sends giants and nonsense",
            Position.PEER,
            "A key that the victim trusts.",
            List.of(
                    "Send 200 messages to a node that keeps 40 of one peer, and see which are acknowledged as stored.",
                    "Send messages as another peer: they have to be taken all the same.",
                    "Announce a record longer than the node takes; send messages whose inside is malformed."),
            "Trust in who somebody is says nothing about how much it may take up. A node keeps so many messages and bytes of one peer and of all,"
                    + " refuses what is beyond, and ends the session of whoever sends what the protocol does not allow.",
            List.of("CWE-770 (allocation without limits)"),
            "a door that keeps all that it is told",
            Set.of(Defence.QUOTAS),
            List.of(Defence.QUOTAS, Defence.LENGTH_LIMITS, Defence.CAPS),
            "ACK with status 2 beyond the quota; CLOSE 2 to what is malformed or too long",
            Set.of("MESSAGE_REFUSED", "PROTOCOL_VIOLATION"),
            "peer-flood",
            Duration.ofSeconds(120));

    @Override
    public Dossier dossier() {
        return DOSSIER;
    }

    @Override
    public Set<Defence> concerns() {
        return Door.SWITCHES;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        try (Door door = Door.open(without)) {
            KeyPair mallory = Curve.generate();
            door.approve(mallory.getPublic().getEncoded());
            try (Caller caller = new Caller(door.address(), without)) {
                if (!caller.enter(Caller.Claim.of(mallory))) {
                    return Trial.unclear("the door did not let a trusted caller in");
                }
                for (int i = 0; i < MESSAGES; i++) {
                    caller.say("number " + i);
                }
            }
            int kept = door.said().size();
            journal.defender("keeps " + kept + " of " + MESSAGES);
            return kept == MESSAGES
                    ? Trial.succeeded("the door keeps all of " + kept + " messages, and would keep more")
                    : Trial.failed("the door keeps " + kept + " of " + MESSAGES + " messages");
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode small = stand.add(
                "small",
                Map.of("PARLEY_TRUST_MODE", "first-use", "PARLEY_STORE_INBOX_MESSAGES_PER_PEER", String.valueOf(KEPT)));
        Source source = Source.fresh(NUMBER);
        try (Stranger flooding = new Stranger(small);
                Stranger other = new Stranger(small)) {
            int stored = flood(small, source, flooding);
            journal.defender("has stored " + stored + " of " + MESSAGES + " messages");
            if (stored > KEPT) {
                return Trial.succeeded("a peer that may leave " + KEPT + " messages left " + stored);
            }
            if (stored == 0) {
                return Trial.unclear("not a single message was stored");
            }
            try (Guest honest = Guest.join(small.address(), source, other.key(), "other")) {
                if (!honest.isLetIn(Handmade.PATIENCE)) {
                    return Trial.unclear("the node does not let another peer in");
                }
                var status = honest.deliver(Texts.direct("from somebody else"), Handmade.PATIENCE);
                journal.defender("acknowledges another peer's message: " + status);
                if (!status.equals(Optional.of(Record.AckStatus.STORED))) {
                    return Trial.succeeded("another peer's message is not taken any more");
                }
                honest.leave();
            }
            String broken = nonsense(small, source, flooding, journal);
            if (broken != null) {
                return Trial.unclear(broken);
            }
            return Trial.failed(
                    stored + " of " + MESSAGES + " messages were stored, others served, nonsense ended its sessions",
                    Trial.line(small.name(), "MESSAGE_REFUSED", "peer", flooding.peerId()),
                    Trial.line(small.name(), "PROTOCOL_VIOLATION", "peer", flooding.peerId()));
        }
    }

    private static int flood(LiveNode small, Source source, Stranger flooding) throws IOException {
        int stored = 0;
        try (Guest guest = Guest.join(small.address(), source, flooding.key(), "flood")) {
            if (!guest.isLetIn(Handmade.PATIENCE)) {
                throw new IOException("the node does not let the peer in");
            }
            int answered = 0;
            for (int i = 0; i < MESSAGES; i++) {
                guest.send(Texts.direct("number " + i));
            }
            while (answered < MESSAGES) {
                Optional<Record> answer = guest.receive(Handmade.PATIENCE);
                if (answer.isEmpty()) {
                    throw new IOException("only " + answered + " of " + MESSAGES + " messages were answered");
                }
                if (answer.get() instanceof Record.Ack ack) {
                    answered += ack.entries().size();
                    stored += (int) ack.entries().stream()
                            .filter(each -> each.status() == Record.AckStatus.STORED)
                            .count();
                }
            }
            guest.leave();
        }
        return stored;
    }

    /** @return what was not as it has to be; null if all was */
    private static String nonsense(LiveNode small, Source source, Stranger flooding, Journal journal)
            throws IOException {
        try (Guest giant = Guest.join(small.address(), source, flooding.key(), "giant")) {
            if (!giant.isLetIn(Handmade.PATIENCE)) {
                return "the node does not let the peer in again";
            }
            giant.line().send(new byte[] {Frame.RECORD, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
            int code = giant.awaitClose(Handmade.PATIENCE);
            journal.defender("answers a header of 16 MiB with CLOSE " + code);
            if (code != 2) {
                return "a record of 16 MiB was answered with CLOSE " + code;
            }
        }
        for (byte[] content : List.of(new byte[0], new byte[15], new byte[400])) {
            try (Guest guest = Guest.join(small.address(), source, flooding.key(), "nonsense")) {
                if (!guest.isLetIn(Handmade.PATIENCE)) {
                    return "the node does not let the peer in again";
                }
                guest.send(MESSAGE, content);
                int code = guest.awaitClose(Handmade.PATIENCE);
                if (code != 2) {
                    return "a malformed message of " + content.length + " bytes was answered with CLOSE " + code;
                }
            }
        }
        journal.defender("answers malformed messages with CLOSE 2");
        return null;
    }
}
