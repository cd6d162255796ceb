package dev.parley.protocol.wire;

/** Sizes that the protocol fixes, in bytes. What a node may choose is in {@code ChannelSettings}. */
public final class Limits {
    /** {@code type u8 | length u24}. */
    public static final int FRAME_HEADER = 4;
    /** How much longer than max_plaintext a record body may be (section 3). */
    public static final int RECORD_OVERHEAD = 96;
    /** The longest record body until READY has opened. */
    public static final int RECORD_BEFORE_READY = 128;
    /** The least max_plaintext that a side may state. */
    public static final int MAX_PLAINTEXT_FLOOR = 16_384;
    /** The greatest max_plaintext that a side may state. */
    public static final int MAX_PLAINTEXT_CEILING = 8_388_608;
    /** The usual max_plaintext. */
    public static final int MAX_PLAINTEXT_USUAL = 1_048_576;
    /** The longest reason of REJECT, ALERT and CLOSE. */
    public static final int REASON = 255;
    /** The most suites in a HELLO. */
    public static final int SUITES = 8;
    /** The longest identity. */
    public static final int IDENTITY = 14_336;
    /** An identity is padded to a multiple of this. */
    public static final int IDENTITY_BLOCK = 1_024;
    /** The longest display name. */
    public static final int NAME = 64;
    /** The most certificates of a chain. */
    public static final int CERTIFICATES = 8;
    /** The longest group name, file name, media type or advertised address. */
    public static final int SHORT_TEXT = 255;
    /** The most data of one FILE_CHUNK. */
    public static final int FILE_CHUNK_DATA = 65_536;
    /** The least window of a FILE_ACCEPT. */
    public static final int FILE_WINDOW_FLOOR = 16_384;

    /** The shortest signature by an identity key, RSA with 2048 bits. */
    public static final int SIGNATURE_FLOOR = 256;
    /** The longest signature by an identity key, RSA with 4096 bits. */
    public static final int SIGNATURE_CEILING = 512;
    /** The most heads of one WITNESS_HELD: with the longest signatures still below the least max_plaintext. */
    public static final int HEADS = 24;

    private Limits() {}
}
