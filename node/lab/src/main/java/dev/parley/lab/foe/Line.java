package dev.parley.lab.foe;

import dev.parley.lab.wire.Frame;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** One TCP connection of an attacker to a node. Confined to one thread at a time. */
public final class Line implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    private Line(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    public static Line to(InetSocketAddress target, Source source) throws IOException {
        return new Line(source.connect(target));
    }

    /** What came from the node. */
    public enum Kind {
        /** A whole frame. */
        FRAME,
        /** The end of the connection: by FIN, inside a frame or between two, or by RST. */
        ENDED,
        /** Nothing, for as long as one waited. */
        SILENCE
    }

    /** What came. @param frame of Kind.FRAME, else null */
    public record Answer(Kind kind, Frame frame) {
        public boolean is(int type) {
            return frame != null && frame.is(type);
        }

        public boolean isEnd() {
            return kind == Kind.ENDED;
        }

        /** The code of a REJECT, else -1. */
        public int rejected() {
            return is(Frame.REJECT) && frame.body().length > 0 ? frame.body()[0] & 0xFF : -1;
        }

        @Override
        public String toString() {
            return switch (kind) {
                case FRAME -> is(Frame.REJECT) ? "REJECT " + rejected() : frame.toString();
                case ENDED -> "end";
                case SILENCE -> "silence";
            };
        }
    }

    /** Where this end is, as the node's log writes it: "127.11.1.1:40000". */
    public String local() {
        return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    /** @return false if the node has ended the connection already */
    public boolean send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (SocketException gone) {
            return false;
        }
    }

    public boolean send(Frame frame) throws IOException {
        return send(frame.bytes());
    }

    public Answer await(Duration atMost) throws IOException {
        socket.setSoTimeout((int) Math.max(1, atMost.toMillis()));
        try {
            byte[] header = new byte[Frame.HEADER];
            in.readFully(header);
            int length = (header[1] & 0xFF) << 16 | (header[2] & 0xFF) << 8 | header[3] & 0xFF;
            byte[] bytes = new byte[Frame.HEADER + length];
            System.arraycopy(header, 0, bytes, 0, Frame.HEADER);
            in.readFully(bytes, Frame.HEADER, length);
            return new Answer(Kind.FRAME, new Frame(bytes));
        } catch (SocketTimeoutException e) {
            return new Answer(Kind.SILENCE, null);
        } catch (EOFException | SocketException e) {
            return new Answer(Kind.ENDED, null);
        }
    }

    /** Reads until the connection has ended. @return what it ended with: {@link Kind#ENDED}, or SILENCE if it did not in time */
    public Answer awaitEnd(Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            Answer answer = await(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
            if (answer.kind() != Kind.FRAME) {
                return answer;
            }
        }
    }

    /** Ends with a FIN. */
    public void finish() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (SocketException gone) {
            // The node was faster.
        }
    }

    /** Drops it. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
