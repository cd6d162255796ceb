package dev.parley.protocol;

import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.FrameType;

/** What a channel does at present: a handshake of either role, a session, or reading on to the end. */
interface Stage extends FrameReader.Gate {
    /** Takes a whole frame that the gate let through. */
    void frame(FrameType type, byte[] frame, long now);

    /** The peer's end of input. */
    void endOfInput(boolean insideFrame, long now);

    /** A frame was not legal, or not complete in time. */
    void badFrame(Failure failure, String detail, long now);

    /** A task of this stage failed. */
    void taskFailed(HandshakeException failure, long now);

    /** The host ends the connection. */
    void close(Failure failure, String reason, long now);

    void tick(long now);

    long deadline();

    /** Says what becomes of input now. */
    Input input();

    /** Bytes have come in, whatever they are. */
    default void heardBytes(long now) {
        // Only a session watches for silence.
    }

    /** What becomes of input. */
    enum Input {
        /** It is cut into frames. */
        READ,
        /** It waits for a decision of the host. */
        HOLD,
        /** Nothing of it is looked at any more. */
        DISCARD
    }

    /** Says whether it has records to seal. */
    default boolean hasOutput() {
        return false;
    }

    /** Returns about how many bytes of records wait. */
    default long outputBytes() {
        return 0;
    }

    /** Seals records into {@code out} as far as they fit. */
    default void fill(Output out, long now) {
        // A handshake's frames are written as they are.
    }

    Channel.Phase phase();

    /** Wipes what is secret. */
    void wipe();
}
