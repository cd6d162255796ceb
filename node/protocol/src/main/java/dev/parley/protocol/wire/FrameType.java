package dev.parley.protocol.wire;

/** The frames of section 3, with the shortest and longest body of each. */
public enum FrameType {
    HELLO(0x01, 1_219, 1_226),
    ACCEPT(0x02, 1_138, 16_384),
    IDENTIFY(0x03, 35, 16_384),
    CONFIRM(0x04, 38, 16_384),
    ALERT(0x0E, 17, 1_024),
    REJECT(0x0F, 1, 256),
    /** At least 64 under suite 1. The longest is the receiver's to say: 128 until READY has opened, then max_plaintext + 96. */
    RECORD(0x10, 17, Limits.MAX_PLAINTEXT_CEILING + Limits.RECORD_OVERHEAD);

    private final int code;
    private final int min;
    private final int max;

    FrameType(int code, int min, int max) {
        this.code = code;
        this.min = min;
        this.max = max;
    }

    /** Returns the type byte. */
    public int code() {
        return code;
    }

    /** Returns the length in bytes of the shortest legal body. */
    public int min() {
        return min;
    }

    /** Returns the length in bytes of the longest legal body. */
    public int max() {
        return max;
    }

    /** Returns the type of a type byte, or null where there is none. */
    public static FrameType of(int code) {
        for (FrameType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    /** Builds a whole frame of this type: {@code type u8 | length u24 | body}. */
    public byte[] frame(byte[] body) {
        return new Writer(Limits.FRAME_HEADER + body.length)
                .u8(code)
                .u24(body.length)
                .bytes(body)
                .toBytes();
    }
}
