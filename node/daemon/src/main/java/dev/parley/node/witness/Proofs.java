package dev.parley.node.witness;

import dev.parley.evidence.LineHead;
import dev.parley.evidence.MessageProof;
import dev.parley.evidence.SignedHead;
import dev.parley.evidence.SignedReceipt;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.WitnessEvent;
import dev.parley.node.message.Originals;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/** Makes proofs of messages for third parties. Blocks: reads the store and the log, asks the peer, and signs. */
@ApplicationScoped
public class Proofs {
    /** The lines between the message and the head that the peer vouches for; beyond, they are left out. */
    private static final long MOST_BYTES = 2 << 20;

    private final Originals originals;
    private final OwnLog log;
    private final Exchange exchange;
    private final SessionRegistry sessions;
    private final AuditLog audit;

    Proofs(Originals originals, OwnLog log, Exchange exchange, SessionRegistry sessions, AuditLog audit) {
        this.originals = originals;
        this.log = log;
        this.exchange = exchange;
        this.sessions = sessions;
        this.audit = audit;
    }

    /** There is nothing that a proof could be made of. The message says why. */
    public static final class Impossible extends RuntimeException {
        private static final long serialVersionUID = 1;

        Impossible(String why) {
            super(why, null, false, false);
        }
    }

    /** A receipt, or why there is none. */
    private record Asked(SignedReceipt receipt, byte[] key, String none) {
        static Asked none(String why) {
            return new Asked(null, null, why);
        }
    }

    /**
     * Makes the proof that a message was sent to a peer.
     *
     * @param linked whether lines of the log that are about something else may be in it, to link the message to what the peer vouches for
     * @return the text of the file
     * @throws Impossible if this node knows no such message, or its log does not say that it was sent
     * @throws IOException if the log cannot be read
     */
    public String prove(UUID id, PeerId peer, boolean linked) throws IOException {
        Originals.Sent message = originals
                .sent(id)
                .join()
                .orElseThrow(() -> new Impossible("this node has sent no message with this id, or it was deleted"));
        List<OwnLog.Line> lines = log.about(id, peer.toString(), message.at(), null);
        OwnLog.Line sent = OwnLog.last(lines, each -> each.is("MESSAGE_SENT"))
                .orElseThrow(
                        () -> new Impossible(
                                "net.log does not say that the message was sent to this peer: it was not sent yet, or those files are gone"));
        Optional<OwnLog.Line> acknowledged = OwnLog.last(lines, each -> each.is("MESSAGE_ACKNOWLEDGED"))
                .filter(each -> each.head().seq() > sent.head().seq());
        exchange.tell(peer);
        byte[] sha256 = LineHead.sha256().digest(message.body());
        Asked asked = receipt(message, peer, sha256);
        var proof = new MessageProof(
                id,
                sha256,
                message.body().length,
                message.at().toEpochMilli(),
                message.scope(),
                log.key().peerId(),
                log.key().spki(),
                peer,
                asked.key(),
                LineHead.time(Instant.now()),
                segments(message.at(), sent, acknowledged, linked ? asked.receipt() : null),
                asked.receipt(),
                asked.none());
        audit.record(new WitnessEvent.ProofMade(id, peer.toString(), asked.receipt() != null));
        return proof.sign(log.key());
    }

    private Asked receipt(Originals.Sent message, PeerId peer, byte[] sha256) {
        Optional<Session> session = sessions.preferred(peer);
        Record.Receipt answer;
        try {
            answer = exchange.receipt(peer, message.id()).join();
        } catch (CompletionException e) {
            return Asked.none(
                    e.getCause() instanceof NoAnswer why ? why.getMessage() : "the peer could not be asked for one");
        }
        if (answer.status() != Record.ReceiptStatus.SIGNED) {
            return Asked.none(
                    answer.status() == Record.ReceiptStatus.UNKNOWN
                            ? "the peer says that it does not have the message, or not any more"
                            : "the peer had too many to sign: ask again later");
        }
        var receipt = new SignedReceipt(log.key().peerId(), peer, message.id(), answer.text(), answer.signature());
        var key = session.map(each -> each.facts().peer().publicKey()).orElse(null);
        var said = answer.text();
        boolean same = Arrays.equals(said.sha256(), sha256)
                && said.sentAt() == message.at().toEpochMilli()
                && said.scope() == message.scope();
        return key == null || !same || !receipt.signedBy(key)
                ? Asked.none("the peer's receipt is for another content, or not signed by the peer")
                : new Asked(receipt, key.getEncoded(), null);
    }

    private List<MessageProof.Segment> segments(
            Instant since, OwnLog.Line sent, Optional<OwnLog.Line> acknowledged, SignedReceipt receipt)
            throws IOException {
        long from = sent.head().seq();
        long ownEnd = acknowledged.map(each -> each.head().seq()).orElse(from);
        if (receipt != null && receipt.text().witnessedSeq() >= ownEnd) {
            var linked = log.between(from, receipt.text().witnessedSeq(), since, MOST_BYTES);
            if (!linked.isEmpty()) {
                return List.of(segment(linked));
            }
        }
        List<MessageProof.Segment> segments = new ArrayList<>();
        segments.add(segment(List.of(sent)));
        acknowledged.ifPresent(each -> segments.add(segment(List.of(each))));
        return segments;
    }

    private MessageProof.Segment segment(List<OwnLog.Line> lines) {
        OwnLog.Line last = lines.getLast();
        SignedHead head = log.sign(last.head().seq(), last.hash(), LineHead.time(Instant.now()));
        return new MessageProof.Segment(lines.stream().map(OwnLog.Line::text).toList(), head);
    }
}
