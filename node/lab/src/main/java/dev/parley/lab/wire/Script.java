package dev.parley.lab.wire;

import java.io.IOException;

/** What an attacker does with the frames of one connection. Called by two threads, one for each direction. */
@FunctionalInterface
public interface Script {
    /** Passes everything on as it is. */
    Script HONEST = (wire, direction, frame) -> wire.pass(direction, frame);

    /** A frame has come; whatever is not passed on is dropped. */
    void frame(Wire wire, Direction direction, Frame frame) throws IOException;

    /** The two ends of a connection, in the attacker's hands. Thread-safe. */
    interface Wire {
        /** Sends a frame on to where it was going, or a made-up one as if it came from there. */
        void pass(Direction direction, Frame frame) throws IOException;

        /** Sends any bytes. */
        void inject(Direction direction, byte[] bytes) throws IOException;

        /** Ends the direction as the sender would, with a FIN. */
        void end(Direction direction) throws IOException;

        /** Resets both connections. */
        void reset();
    }
}
