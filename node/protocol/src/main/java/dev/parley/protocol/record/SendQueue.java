package dev.parley.protocol.record;

import dev.parley.protocol.wire.Record;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What waits to be sealed, in the order of section 5: PONG, ACK, the ratchet and CLOSE before MESSAGE, MESSAGE before
 * FILE_CHUNK. Only the latest PONG is kept, and ACKs that wait are merged into one record.
 */
public final class SendQueue {
    private static final int ACK_ENTRY = 17;
    /** Far below any max_plaintext: an ACK is not to hold up what follows it. */
    private static final int ACKS_A_RECORD = 512;

    private final Deque<Record> control = new ArrayDeque<>();
    private final Deque<Record.AckEntry> acks = new ArrayDeque<>();
    private final Deque<Record> messages = new ArrayDeque<>();
    private final Deque<Record> chunks = new ArrayDeque<>();
    private Record.Pong pong;
    private Record.Close close;
    private long bytes;

    /** Adds a record at its place. After a CLOSE only an ACK may still be added, and only before CLOSE is taken. */
    public void add(Record record) {
        switch (record) {
            case Record.Pong latest -> pong = latest;
            case Record.Ack ack -> {
                acks.addAll(ack.entries());
                bytes += (long) ack.entries().size() * ACK_ENTRY;
            }
            case Record.Close last -> close(last);
            default -> {
                queueOf(record).add(record);
                bytes += record.length();
            }
        }
    }

    /** Takes the record to seal next; null where none waits. */
    public Record take() {
        if (!control.isEmpty()) {
            return uncount(control.remove());
        }
        if (pong != null) {
            Record next = pong;
            pong = null;
            return next;
        }
        if (!acks.isEmpty()) {
            return takeAcks();
        }
        if (close != null) {
            Record next = close;
            close = null;
            return next;
        }
        if (!messages.isEmpty()) {
            return uncount(messages.remove());
        }
        return chunks.isEmpty() ? null : uncount(chunks.remove());
    }

    /** Puts back what was just taken and found no room. */
    public void untake(Record record) {
        switch (record) {
            case Record.Pong latest -> pong = latest;
            case Record.Close last -> close = last;
            case Record.Ack ack -> {
                ack.entries().reversed().forEach(acks::addFirst);
                bytes += (long) ack.entries().size() * ACK_ENTRY;
            }
            default -> {
                queueOf(record).addFirst(record);
                bytes += record.length();
            }
        }
    }

    /** Says whether nothing waits. */
    public boolean isEmpty() {
        return control.isEmpty()
                && pong == null
                && acks.isEmpty()
                && close == null
                && messages.isEmpty()
                && chunks.isEmpty();
    }

    /** Returns the number of records that wait, ACKs counted one by one. */
    public int size() {
        int single = (pong == null ? 0 : 1) + (close == null ? 0 : 1);
        return control.size() + acks.size() + messages.size() + chunks.size() + single;
    }

    /** Returns the bytes of plaintext that wait. */
    public long bytes() {
        return bytes;
    }

    /** Drops everything. */
    public void clear() {
        control.clear();
        acks.clear();
        messages.clear();
        chunks.clear();
        pong = null;
        close = null;
        bytes = 0;
    }

    /** CLOSE is the last of its direction: only READY, which is the first, RETURN and ACKs still go before it. */
    private void close(Record.Close last) {
        control.removeIf(record -> !(record instanceof Record.Ready || record instanceof Record.Return));
        messages.clear();
        chunks.clear();
        pong = null;
        close = last;
        bytes = (long) acks.size() * ACK_ENTRY;
        control.forEach(record -> bytes += record.length());
    }

    private Record takeAcks() {
        List<Record.AckEntry> taken = new ArrayList<>(Math.min(acks.size(), ACKS_A_RECORD));
        while (!acks.isEmpty() && taken.size() < ACKS_A_RECORD) {
            taken.add(acks.remove());
        }
        bytes -= (long) taken.size() * ACK_ENTRY;
        return new Record.Ack(taken);
    }

    private Deque<Record> queueOf(Record record) {
        return switch (record) {
            case Record.FileChunk chunk -> chunks;
            // In the order among messages, so that none of them overtakes another of its transfer.
            case Record.Message message -> messages;
            case Record.FileOffer offer -> messages;
            case Record.FileAccept accept -> messages;
            case Record.FileProgress progress -> messages;
            case Record.FileEnd end -> messages;
            case Record.Witness witness -> messages;
            case Record.WitnessQuery query -> messages;
            case Record.WitnessHeld held -> messages;
            case Record.ReceiptQuery query -> messages;
            case Record.Receipt receipt -> messages;
            case Record.Instance instance -> messages;
            case Record.Trace trace -> messages;
            default -> control;
        };
    }

    private Record uncount(Record record) {
        bytes -= record.length();
        return record;
    }
}
