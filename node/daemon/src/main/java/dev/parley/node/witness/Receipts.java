package dev.parley.node.witness;

import dev.parley.evidence.LineHead;
import dev.parley.evidence.SignedHead;
import dev.parley.evidence.SignedReceipt;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.WitnessEvent;
import dev.parley.node.message.Originals;
import dev.parley.node.session.Session;
import dev.parley.protocol.wire.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/** Signs that messages came. Blocks: reads the store and the log, and signs. */
@ApplicationScoped
class Receipts {
    private final Originals originals;
    private final OwnLog log;
    private final Witnesses witnesses;
    private final AuditLog audit;

    Receipts(Originals originals, OwnLog log, Witnesses witnesses, AuditLog audit) {
        this.originals = originals;
        this.log = log;
        this.witnesses = witnesses;
        this.audit = audit;
    }

    /** The answer to who asks, over this session, for a receipt of a message of its own. */
    Record.Receipt make(Session session, UUID id) {
        try {
            Optional<Originals.Received> found =
                    originals.received(session.peerId(), id).join();
            if (found.isEmpty()) {
                audit.record(new WitnessEvent.ReceiptNotSigned(
                        id, session.peerId().toString(), session.id(), "no such message of this peer is here"));
                return Record.Receipt.none(id, Record.ReceiptStatus.UNKNOWN);
            }
            return sign(session, found.get());
        } catch (IOException | CompletionException e) {
            audit.record(new WitnessEvent.ReceiptNotSigned(
                    id, session.peerId().toString(), session.id(), "the store or the log could not be read"));
            return Record.Receipt.none(id, Record.ReceiptStatus.NOT_NOW);
        }
    }

    private Record.Receipt sign(Session session, Originals.Received message) throws IOException {
        // The line is written before the message is stored, so it is there unless its file was rotated away.
        Optional<OwnLog.Line> line = OwnLog.last(
                log.about(message.id(), session.peerId().toString(), message.at(), message.at()),
                each -> each.is("MESSAGE_RECEIVED"));
        Optional<SignedHead> witnessed = witnesses.latest(session.peerId()).join();
        var text = new Record.ReceiptText(
                LineHead.sha256().digest(message.body()),
                message.sentAt().toEpochMilli(),
                message.scope(),
                message.at().toEpochMilli(),
                message.session(),
                line.map(each -> each.head().seq()).orElse(0L),
                line.map(OwnLog.Line::hash).orElseGet(LineHead::noLine),
                witnessed.map(SignedHead::seq).orElse(0L),
                witnessed.map(SignedHead::hash).orElseGet(LineHead::noLine),
                Instant.now().toEpochMilli());
        var receipt = SignedReceipt.sign(log.key(), session.peerId(), message.id(), text);
        audit.record(
                new WitnessEvent.ReceiptSigned(message.id(), session.peerId().toString(), session.id(), text.seq()));
        return new Record.Receipt(message.id(), Record.ReceiptStatus.SIGNED, text, receipt.signature());
    }
}
