package dev.parley.lab.attack.path;

import dev.parley.lab.control.Line;
import dev.parley.lab.wire.Frame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** Plays what one side of a connection has sent, to somebody else, and sees what comes back. */
final class Replayer {
    private static final int PATIENCE_MILLIS = 3_000;

    private Replayer() {}

    /**
     * What came of it.
     *
     * @param local the address that the victim saw
     * @param answers frames that came back
     */
    record Outcome(String local, List<Frame> answers) {}

    /** Sends the frames in order, the handshake's ones each after an answer to the one before, and reads to the end. */
    static Outcome play(InetSocketAddress victim, List<Frame> frames) throws IOException {
        List<Frame> answers = new java.util.ArrayList<>();
        try (Line line = Line.to(victim)) {
            line.socket().setSoTimeout(PATIENCE_MILLIS);
            String local = "127.0.0.1:" + line.socket().getLocalPort();
            try {
                for (Frame each : frames) {
                    line.write(each);
                    if (each.is(Frame.HELLO) || each.is(Frame.IDENTIFY)) {
                        answers.add(line.read());
                    }
                }
                line.socket().shutdownOutput();
                while (true) {
                    answers.add(line.read());
                }
            } catch (IOException end) {
                // The victim is done with it.
            }
            return new Outcome(local, List.copyOf(answers));
        }
    }
}
