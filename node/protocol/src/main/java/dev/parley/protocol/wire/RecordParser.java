package dev.parley.protocol.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads the plaintexts of section 5; whatever breaks its table is malformed. */
final class RecordParser {
    private RecordParser() {}

    static Record parse(byte[] plaintext) throws MalformedException {
        if (plaintext.length == 0) {
            throw new MalformedException("record without a kind");
        }
        Reader in = new Reader(plaintext);
        try {
            Record record = content(in.u8(), in);
            in.end();
            return record;
        } catch (IllegalArgumentException e) {
            // The constructors' texts are constants of ours.
            throw new MalformedException(e.getMessage());
        }
    }

    private static Record content(int kind, Reader in) throws MalformedException {
        return switch (kind) {
            case RecordKind.READY -> new Record.Ready(in.u32());
            case RecordKind.MESSAGE -> message(in);
            case RecordKind.ACK -> ack(in);
            case RecordKind.PING -> new Record.Ping(in.u64());
            case RecordKind.PONG -> new Record.Pong(in.u64());
            case RecordKind.RATCHET -> new Record.Ratchet(in.u32(), in.bytes(Record.Ratchet.KEY));
            case RecordKind.RATCHET_REPLY ->
                new Record.RatchetReply(in.u32(), in.bytes(Record.RatchetReply.CIPHERTEXT));
            case RecordKind.RATCHET_DONE -> new Record.RatchetDone(in.u32());
            case RecordKind.CLOSE -> new Record.Close(in.u8(), in.rest());
            case RecordKind.FILE_OFFER ->
                new Record.FileOffer(in.uuid(), in.u64(), in.bytes(Record.HASH), text(in), ascii(in));
            case RecordKind.FILE_ACCEPT -> new Record.FileAccept(in.uuid(), in.u64(), in.u32() & 0xffff_ffffL);
            case RecordKind.FILE_CHUNK -> new Record.FileChunk(in.uuid(), in.u64(), in.rest());
            case RecordKind.FILE_PROGRESS -> new Record.FileProgress(in.uuid(), in.u64());
            case RecordKind.FILE_END -> new Record.FileEnd(in.uuid(), status(Record.FileStatus.values(), in.u8()));
            case RecordKind.WITNESS -> witness(in);
            case RecordKind.WITNESS_QUERY -> new Record.WitnessQuery(in.u32());
            case RecordKind.WITNESS_HELD -> held(in);
            case RecordKind.RECEIPT_QUERY -> new Record.ReceiptQuery(in.uuid());
            case RecordKind.RECEIPT -> receipt(in);
            case RecordKind.INSTANCE -> new Record.Instance(in.uuid(), status(Record.InstanceWord.values(), in.u8()));
            case RecordKind.RETURN -> new Record.Return(in.u32() & 0xffff_ffffL);
            case RecordKind.TRACE -> trace(in);
            default -> new Record.Unknown(kind, in.rest());
        };
    }

    /** No session ends for what only helps to look at it: of another length it is as good as a kind that nobody knows. */
    private static Record trace(Reader in) throws MalformedException {
        return in.remaining() == Record.Trace.LENGTH
                ? new Record.Trace(in.uuid(), in.uuid(), in.u64(), in.u8())
                : new Record.Unknown(RecordKind.TRACE, in.rest());
    }

    private static Record message(Reader in) throws MalformedException {
        return new Record.Message(
                in.uuid(), in.u64(), status(Record.Scope.values(), in.u8()), text(in), ascii(in), in.rest());
    }

    private static Record ack(Reader in) throws MalformedException {
        List<Record.AckEntry> entries = new ArrayList<>(in.remaining() / Record.AckEntry.LENGTH);
        do {
            entries.add(new Record.AckEntry(in.uuid(), status(Record.AckStatus.values(), in.u8())));
        } while (in.remaining() > 0);
        return new Record.Ack(entries);
    }

    private static Record witness(Reader in) throws MalformedException {
        return new Record.Witness(new Record.Head(in.u64(), in.bytes(Record.HASH), time(in), in.rest()));
    }

    /** In a list: the length of the signature comes before it. */
    private static Record.Head head(Reader in) throws MalformedException {
        return new Record.Head(in.u64(), in.bytes(Record.HASH), time(in), in.bytes(in.u16()));
    }

    private static String time(Reader in) throws MalformedException {
        return Text.decodeAscii(in.bytes(Record.Head.TIME));
    }

    private static Record held(Reader in) throws MalformedException {
        int token = in.u32();
        boolean more = status(new Boolean[] {false, true}, in.u8());
        int count = in.u8();
        if (count > Limits.HEADS) {
            throw new MalformedException("too many heads");
        }
        List<Record.Head> heads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            heads.add(head(in));
        }
        return new Record.WitnessHeld(token, more, heads);
    }

    private static Record receipt(Reader in) throws MalformedException {
        UUID id = in.uuid();
        Record.ReceiptStatus status = status(Record.ReceiptStatus.values(), in.u8());
        if (status != Record.ReceiptStatus.SIGNED) {
            return Record.Receipt.none(id, status);
        }
        Record.ReceiptText text = new Record.ReceiptText(
                in.bytes(Record.HASH),
                in.u64(),
                status(Record.Scope.values(), in.u8()),
                in.u64(),
                in.uuid(),
                in.u64(),
                in.bytes(Record.HASH),
                in.u64(),
                in.bytes(Record.HASH),
                in.u64());
        return new Record.Receipt(id, status, text, in.rest());
    }

    private static String text(Reader in) throws MalformedException {
        return Text.decode(in.bytes(in.u8()));
    }

    private static String ascii(Reader in) throws MalformedException {
        return Text.decodeAscii(in.bytes(in.u8()));
    }

    private static <T> T status(T[] values, int code) throws MalformedException {
        if (code >= values.length) {
            throw new MalformedException("value out of range");
        }
        return values[code];
    }
}
