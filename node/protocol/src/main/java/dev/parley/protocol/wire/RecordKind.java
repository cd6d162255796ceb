package dev.parley.protocol.wire;

/** The kind bytes of sections 5, 7 and 9 to 11. */
final class RecordKind {
    static final int READY = 0x00;
    static final int MESSAGE = 0x01;
    static final int ACK = 0x02;
    static final int PING = 0x03;
    static final int PONG = 0x04;
    static final int RATCHET = 0x05;
    static final int RATCHET_REPLY = 0x06;
    static final int RATCHET_DONE = 0x07;
    static final int CLOSE = 0x08;
    static final int FILE_OFFER = 0x10;
    static final int FILE_ACCEPT = 0x11;
    static final int FILE_CHUNK = 0x12;
    static final int FILE_PROGRESS = 0x13;
    static final int FILE_END = 0x14;
    static final int WITNESS = 0x20;
    static final int WITNESS_QUERY = 0x21;
    static final int WITNESS_HELD = 0x22;
    static final int RECEIPT_QUERY = 0x23;
    static final int RECEIPT = 0x24;
    static final int INSTANCE = 0x28;
    static final int RETURN = 0x30;
    static final int TRACE = 0x31;

    private RecordKind() {}
}
