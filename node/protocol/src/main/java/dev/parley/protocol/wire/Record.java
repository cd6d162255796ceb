package dev.parley.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a record's plaintext says: {@code kind u8 | content}, the tables of sections 5 and 7.
 *
 * <p>Constructors check the ranges of the table and throw IllegalArgumentException: what exists can be written. Byte
 * arrays are not copied and must not be modified; records that hold one compare it by identity.
 */
public sealed interface Record {
    /** Bytes of a SHA-256. */
    int HASH = 32;

    /** Returns the kind byte. */
    int kind();

    /** Returns the length in bytes of the content, without the kind byte. */
    int contentLength();

    /** Writes the content, without the kind byte. */
    void writeContent(Writer out);

    /** Returns the length of the plaintext in bytes: kind and content. */
    default int length() {
        return 1 + contentLength();
    }

    /** Writes {@code kind | content}. */
    default void write(Writer out) {
        writeContent(out.u8(kind()));
    }

    /** Parses a plaintext strictly; a kind that is not in the table becomes {@link Unknown}. */
    static Record parse(byte[] plaintext) throws MalformedException {
        return RecordParser.parse(plaintext);
    }

    /** {@code max_plaintext u32}: the longest plaintext that the sender accepts. First of the initiator, and only once. */
    record Ready(int maxPlaintext) implements Record {
        public Ready {
            check(
                    maxPlaintext >= Limits.MAX_PLAINTEXT_FLOOR && maxPlaintext <= Limits.MAX_PLAINTEXT_CEILING,
                    "max_plaintext out of range");
        }

        @Override
        public int kind() {
            return RecordKind.READY;
        }

        @Override
        public int contentLength() {
            return 4;
        }

        @Override
        public void writeContent(Writer out) {
            out.u32(maxPlaintext);
        }
    }

    /** To whom a message was addressed: {@code u8}. */
    enum Scope {
        DIRECT,
        BROADCAST,
        GROUP
    }

    /**
     * {@code id (16, UUIDv7) | sent_at u64 | scope u8 | u8 length, group | u8 length, media type | payload}.
     *
     * @param sentAt milliseconds since 1970 UTC, unsigned, a claim of the sender
     * @param group the group's name, 1 to 255 bytes of UTF-8, exactly when the scope is GROUP, else empty
     * @param mediaType printable ASCII, at most 255 bytes
     */
    record Message(UUID id, long sentAt, Scope scope, String group, String mediaType, byte[] payload)
            implements Record {
        static final int FIXED = 16 + 8 + 1 + 1 + 1;

        public Message {
            Objects.requireNonNull(payload);
            check(id.version() == 7 && id.variant() == 2, "message id is not a UUIDv7");
            check((scope == Scope.GROUP) != group.isEmpty(), "a group name belongs to scope group alone");
            checkText(group);
            check(mediaType.length() <= Limits.SHORT_TEXT && Text.printableAscii(mediaType), "media type not allowed");
        }

        @Override
        public int kind() {
            return RecordKind.MESSAGE;
        }

        @Override
        public int contentLength() {
            return FIXED + utf8(group).length + mediaType.length() + payload.length;
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(id).u64(sentAt).u8(scope.ordinal());
            writeShort(out, utf8(group));
            writeShort(out, utf8(mediaType));
            out.bytes(payload);
        }

        /** Says neither payload nor names: a message may end up in a log by accident. */
        @Override
        public String toString() {
            return "Message[" + id + ", " + payload.length + " bytes]";
        }
    }

    /** What became of a message at the receiver: {@code u8}. */
    enum AckStatus {
        STORED,
        DUPLICATE,
        REFUSED_FOR_NOW,
        REFUSED
    }

    /** {@code id (16) | status u8}. */
    record AckEntry(UUID id, AckStatus status) {
        static final int LENGTH = 16 + 1;

        public AckEntry {
            Objects.requireNonNull(id);
            Objects.requireNonNull(status);
        }
    }

    /** One or more {@link AckEntry}. */
    record Ack(List<AckEntry> entries) implements Record {
        public Ack {
            entries = List.copyOf(entries);
            check(!entries.isEmpty(), "empty ACK");
        }

        /** An acknowledgement of one message. */
        public Ack(UUID id, AckStatus status) {
            this(List.of(new AckEntry(id, status)));
        }

        @Override
        public int kind() {
            return RecordKind.ACK;
        }

        @Override
        public int contentLength() {
            return entries.size() * AckEntry.LENGTH;
        }

        @Override
        public void writeContent(Writer out) {
            for (AckEntry entry : entries) {
                out.uuid(entry.id()).u8(entry.status().ordinal());
            }
        }
    }

    /** 8 bytes of the sender's choice. */
    record Ping(long token) implements Record {
        @Override
        public int kind() {
            return RecordKind.PING;
        }

        @Override
        public int contentLength() {
            return 8;
        }

        @Override
        public void writeContent(Writer out) {
            out.u64(token);
        }
    }

    /** The 8 bytes of a PING; only the latest need be answered. */
    record Pong(long token) implements Record {
        @Override
        public int kind() {
            return RecordKind.PONG;
        }

        @Override
        public int contentLength() {
            return 8;
        }

        @Override
        public void writeContent(Writer out) {
            out.u64(token);
        }
    }

    /** {@code epoch u32 | X-Wing encapsulation key (1216)}. */
    record Ratchet(int epoch, byte[] key) implements Record {
        public static final int KEY = 1_216;

        public Ratchet {
            check(key.length == KEY, "ratchet key has another length");
        }

        @Override
        public int kind() {
            return RecordKind.RATCHET;
        }

        @Override
        public int contentLength() {
            return 4 + KEY;
        }

        @Override
        public void writeContent(Writer out) {
            out.u32(epoch).bytes(key);
        }
    }

    /** {@code epoch u32 | ct (1120)}. */
    record RatchetReply(int epoch, byte[] ciphertext) implements Record {
        public static final int CIPHERTEXT = 1_120;

        public RatchetReply {
            check(ciphertext.length == CIPHERTEXT, "ratchet ciphertext has another length");
        }

        @Override
        public int kind() {
            return RecordKind.RATCHET_REPLY;
        }

        @Override
        public int contentLength() {
            return 4 + CIPHERTEXT;
        }

        @Override
        public void writeContent(Writer out) {
            out.u32(epoch).bytes(ciphertext);
        }
    }

    /** {@code epoch u32}. */
    record RatchetDone(int epoch) implements Record {
        @Override
        public int kind() {
            return RecordKind.RATCHET_DONE;
        }

        @Override
        public int contentLength() {
            return 4;
        }

        @Override
        public void writeContent(Writer out) {
            out.u32(epoch);
        }
    }

    /**
     * {@code code u8 | reason}: the last record of its direction.
     *
     * @param reason UTF-8, at most 255 bytes; kept as it came, {@link #shown} is fit to show
     */
    record Close(int code, byte[] reason) implements Record {
        public Close {
            check(code >= 0 && code <= 255, "code out of range");
            check(reason.length <= Limits.REASON, "reason too long");
        }

        /** A CLOSE of ours, without or with a reason of at most 255 bytes of UTF-8. */
        public Close(Failure failure, String reason) {
            this(failure.code(), utf8(reason));
        }

        /** Returns what the code says. */
        public Failure failure() {
            return Failure.of(code);
        }

        /** Returns the reason with everything unprintable replaced. */
        public String shown() {
            return Text.show(reason);
        }

        @Override
        public int kind() {
            return RecordKind.CLOSE;
        }

        @Override
        public int contentLength() {
            return 1 + reason.length;
        }

        @Override
        public void writeContent(Writer out) {
            out.u8(code).bytes(reason);
        }
    }

    /**
     * {@code transfer id (16) | size u64 | SHA-256 (32) | u8 length, name | u8 length, media type}.
     *
     * @param size bytes, unsigned
     * @param name 1 to 255 bytes of UTF-8; a suggestion only, and no path until the receiver has made it one
     * @param mediaType printable ASCII, at most 255 bytes
     */
    record FileOffer(UUID id, long size, byte[] sha256, String name, String mediaType) implements Record {
        static final int FIXED = 16 + 8 + HASH + 1 + 1;

        public FileOffer {
            Objects.requireNonNull(id);
            check(sha256.length == HASH, "hash has another length");
            check(!name.isEmpty(), "file without a name");
            checkText(name);
            check(mediaType.length() <= Limits.SHORT_TEXT && Text.printableAscii(mediaType), "media type not allowed");
        }

        @Override
        public int kind() {
            return RecordKind.FILE_OFFER;
        }

        @Override
        public int contentLength() {
            return FIXED + utf8(name).length + mediaType.length();
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(id).u64(size).bytes(sha256);
            writeShort(out, utf8(name));
            writeShort(out, utf8(mediaType));
        }
    }

    /**
     * {@code transfer id | offset u64 | window u32}.
     *
     * @param offset send from here, unsigned
     * @param window bytes that may be in flight beyond FILE_PROGRESS, 16,384 to 2^32 - 1
     */
    record FileAccept(UUID id, long offset, long window) implements Record {
        public FileAccept {
            Objects.requireNonNull(id);
            check(window >= Limits.FILE_WINDOW_FLOOR && window <= 0xffff_ffffL, "window out of range");
        }

        @Override
        public int kind() {
            return RecordKind.FILE_ACCEPT;
        }

        @Override
        public int contentLength() {
            return 16 + 8 + 4;
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(id).u64(offset).u32((int) window);
        }
    }

    /** {@code transfer id | offset u64 | data}, at most 65,536 bytes of data. That it is not empty is the transfer's to check. */
    record FileChunk(UUID id, long offset, byte[] data) implements Record {
        public FileChunk {
            Objects.requireNonNull(id);
            check(data.length <= Limits.FILE_CHUNK_DATA, "chunk too long");
        }

        @Override
        public int kind() {
            return RecordKind.FILE_CHUNK;
        }

        @Override
        public int contentLength() {
            return 16 + 8 + data.length;
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(id).u64(offset).bytes(data);
        }
    }

    /**
     * {@code transfer id | u64}.
     *
     * @param received bytes of the file received, counted from 0, unsigned
     */
    record FileProgress(UUID id, long received) implements Record {
        public FileProgress {
            Objects.requireNonNull(id);
        }

        @Override
        public int kind() {
            return RecordKind.FILE_PROGRESS;
        }

        @Override
        public int contentLength() {
            return 16 + 8;
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(id).u64(received);
        }
    }

    /** How a transfer ended: {@code u8}. */
    enum FileStatus {
        COMPLETE,
        REFUSED,
        CANCELLED,
        HASH_MISMATCH,
        FAILED,
        NO_ROOM
    }

    /** {@code transfer id | status u8}. */
    record FileEnd(UUID id, FileStatus status) implements Record {
        public FileEnd {
            Objects.requireNonNull(id);
            Objects.requireNonNull(status);
        }

        @Override
        public int kind() {
            return RecordKind.FILE_END;
        }

        @Override
        public int contentLength() {
            return 16 + 1;
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(id).u8(status.ordinal());
        }
    }

    /** What an INSTANCE is: {@code u8}. */
    enum InstanceWord {
        ANSWER,
        /** The receiver sends its own as an answer. */
        ASK
    }

    /**
     * {@code instance (16) | u8}: which process of its identity the sender is.
     *
     * @param instance random, made anew at each start of a process
     */
    record Instance(UUID instance, InstanceWord word) implements Record {
        public Instance {
            Objects.requireNonNull(instance);
            Objects.requireNonNull(word);
        }

        @Override
        public int kind() {
            return RecordKind.INSTANCE;
        }

        @Override
        public int contentLength() {
            return 16 + 1;
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(instance).u8(word.ordinal());
        }
    }

    /**
     * {@code seconds u32}: in how many the sender, which closes the session now, expects to be back (section 10).
     *
     * @param seconds 0 to 4,294,967,295; 0: unknown. A claim of the sender
     */
    record Return(long seconds) implements Record {
        public Return {
            check(seconds >= 0 && seconds <= 0xffff_ffffL, "seconds out of range");
        }

        @Override
        public int kind() {
            return RecordKind.RETURN;
        }

        @Override
        public int contentLength() {
            return 4;
        }

        @Override
        public void writeContent(Writer out) {
            out.u32((int) seconds);
        }
    }

    /**
     * {@code message id (16) | trace id (16) | span id (8) | flags u8}: in which trace the message that follows is (section 11).
     * All of it is a claim of the sender; ids of zeros, which stand for none, can be written and are for the host to ignore.
     *
     * @param span the span of the sender that is the parent of what the receiver does
     * @param flags of W3C Trace Context; bit 0: sampled
     */
    record Trace(UUID message, UUID trace, long span, int flags) implements Record {
        static final int LENGTH = 16 + 16 + 8 + 1;

        public Trace {
            Objects.requireNonNull(message);
            Objects.requireNonNull(trace);
            check(flags >= 0 && flags <= 255, "flags out of range");
        }

        @Override
        public int kind() {
            return RecordKind.TRACE;
        }

        @Override
        public int contentLength() {
            return LENGTH;
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(message).uuid(trace).u64(span).u8(flags);
        }
    }

    /**
     * The head of a log as its owner's identity key has signed it (section 7): {@code seq u64 | hash (32) | time (27)}, and the
     * signature. Whether that is good is for who has the key.
     *
     * @param seq number of a line, from 1
     * @param hash SHA-256 over that line, which has the hash of the one before in it
     * @param time UTC with microseconds, as in {@code 2026-01-31T12:00:00.123456Z}
     * @param signature 256 to 512 bytes
     */
    record Head(long seq, byte[] hash, String time, byte[] signature) {
        static final int TIME = 27;
        static final int FIXED = 8 + HASH + TIME;
        private static final Pattern TIMES =
                Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z");

        public Head {
            check(seq > 0, "a head is of a line");
            check(hash.length == HASH, "hash has another length");
            check(TIMES.matcher(time).matches(), "time has another form");
            checkSignature(signature);
        }

        int length() {
            return FIXED + signature.length;
        }

        void writeFixed(Writer out) {
            out.u64(seq).bytes(hash).bytes(time.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The head of the sender's log: {@link Head}, the signature to the end. */
    record Witness(Head head) implements Record {
        public Witness {
            Objects.requireNonNull(head);
        }

        @Override
        public int kind() {
            return RecordKind.WITNESS;
        }

        @Override
        public int contentLength() {
            return head.length();
        }

        @Override
        public void writeContent(Writer out) {
            head.writeFixed(out);
            out.bytes(head.signature());
        }
    }

    /** {@code token u32}: which heads of the asker's log does the other side hold? */
    record WitnessQuery(int token) implements Record {
        @Override
        public int kind() {
            return RecordKind.WITNESS_QUERY;
        }

        @Override
        public int contentLength() {
            return 4;
        }

        @Override
        public void writeContent(Writer out) {
            out.u32(token);
        }
    }

    /**
     * {@code token u32 | more u8 | count u8 | count * (seq u64 | hash (32) | time (27) | u16 length, signature)}.
     *
     * @param more whether another such record follows for this token
     * @param heads at most {@link Limits#HEADS}
     */
    record WitnessHeld(int token, boolean more, List<Head> heads) implements Record {
        public WitnessHeld {
            heads = List.copyOf(heads);
            check(heads.size() <= Limits.HEADS, "too many heads");
        }

        @Override
        public int kind() {
            return RecordKind.WITNESS_HELD;
        }

        @Override
        public int contentLength() {
            return 6 + heads.stream().mapToInt(head -> 2 + head.length()).sum();
        }

        @Override
        public void writeContent(Writer out) {
            out.u32(token).u8(more ? 1 : 0).u8(heads.size());
            for (Head head : heads) {
                head.writeFixed(out);
                out.u16(head.signature().length).bytes(head.signature());
            }
        }
    }

    /** {@code message id (16)}: the asker wants a receipt for a message that it has sent. */
    record ReceiptQuery(UUID id) implements Record {
        public ReceiptQuery {
            Objects.requireNonNull(id);
        }

        @Override
        public int kind() {
            return RecordKind.RECEIPT_QUERY;
        }

        @Override
        public int contentLength() {
            return 16;
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(id);
        }
    }

    /** How a {@link ReceiptQuery} was answered: {@code u8}. */
    enum ReceiptStatus {
        SIGNED,
        /** The message never came, or is gone. */
        UNKNOWN,
        /** Too many were asked for: again later. */
        NOT_NOW
    }

    /**
     * What a receipt says of a message (section 7).
     *
     * @param sha256 of the payload
     * @param sentAt milliseconds since 1970 UTC, the sender's claim
     * @param receivedAt milliseconds since 1970 UTC at the receiver
     * @param session that it came in
     * @param seq of the line in the receiver's log that tells of it; 0 where that is gone
     * @param hash SHA-256 over that line; zeros where it is gone
     * @param witnessedSeq of the latest head of the sender's log that the receiver holds; 0 where it holds none
     * @param witnessedHash of that head; zeros where there is none
     * @param signedAt milliseconds since 1970 UTC
     */
    record ReceiptText(
            byte[] sha256,
            long sentAt,
            Scope scope,
            long receivedAt,
            UUID session,
            long seq,
            byte[] hash,
            long witnessedSeq,
            byte[] witnessedHash,
            long signedAt) {
        public static final int LENGTH = HASH + 8 + 1 + 8 + 16 + 8 + HASH + 8 + HASH + 8;

        public ReceiptText {
            Objects.requireNonNull(scope);
            Objects.requireNonNull(session);
            check(
                    sha256.length == HASH && hash.length == HASH && witnessedHash.length == HASH,
                    "hash has another length");
            check(receivedAt >= 0 && seq >= 0 && witnessedSeq >= 0 && signedAt >= 0, "number out of range");
        }

        /** Writes it as it is sent, and signed behind the ids. */
        public void write(Writer out) {
            out.bytes(sha256).u64(sentAt).u8(scope.ordinal()).u64(receivedAt);
            out.uuid(session)
                    .u64(seq)
                    .bytes(hash)
                    .u64(witnessedSeq)
                    .bytes(witnessedHash)
                    .u64(signedAt);
        }
    }

    /**
     * {@code message id (16) | status u8}, and with status SIGNED {@code text (153) | signature}.
     *
     * @param text null unless signed
     * @param signature null unless signed
     */
    record Receipt(UUID id, ReceiptStatus status, ReceiptText text, byte[] signature) implements Record {
        public Receipt {
            Objects.requireNonNull(id);
            boolean signed = status == ReceiptStatus.SIGNED;
            check(signed == (text != null) && signed == (signature != null), "a receipt is signed or not");
            if (signature != null) {
                checkSignature(signature);
            }
        }

        /** An answer without a receipt. */
        public static Receipt none(UUID id, ReceiptStatus why) {
            return new Receipt(id, why, null, null);
        }

        @Override
        public int kind() {
            return RecordKind.RECEIPT;
        }

        @Override
        public int contentLength() {
            return 17 + (text == null ? 0 : ReceiptText.LENGTH + signature.length);
        }

        @Override
        public void writeContent(Writer out) {
            out.uuid(id).u8(status.ordinal());
            if (text != null) {
                text.write(out);
                out.bytes(signature);
            }
        }
    }

    /** A kind of a later version: ignored, and told to the host once a session. */
    record Unknown(int kind, byte[] content) implements Record {
        @Override
        public int contentLength() {
            return content.length;
        }

        @Override
        public void writeContent(Writer out) {
            out.bytes(content);
        }
    }

    private static void check(boolean ok, String what) {
        if (!ok) {
            throw new IllegalArgumentException(what);
        }
    }

    private static void checkSignature(byte[] signature) {
        check(
                signature.length >= Limits.SIGNATURE_FLOOR && signature.length <= Limits.SIGNATURE_CEILING,
                "signature has another length");
    }

    private static void checkText(String text) {
        check(Text.printable(text) && utf8(text).length <= Limits.SHORT_TEXT, "name too long or not printable");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void writeShort(Writer out, byte[] text) {
        out.u8(text.length).bytes(text);
    }
}
