package dev.parley.lab.control;

import dev.parley.lab.wire.Frame;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** A connection that carries frames. Frames of the control have the shape of PSP/1's, so that a relay tells them apart too. */
public final class Line implements Closeable {
    /** The longest body that the control takes where it looks at lengths. */
    static final int LONGEST = 8_192;

    private static final int CONNECT_MILLIS = 5_000;

    private final Socket socket;
    private final DataInputStream in;
    private final boolean checksLengths;
    private final AtomicLong reserved;
    private long read;
    private long written;

    Line(Socket socket, boolean checksLengths, AtomicLong reserved) throws IOException {
        this.socket = socket;
        this.checksLengths = checksLengths;
        this.reserved = reserved;
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** A connection of an attacker's own. */
    public static Line to(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, CONNECT_MILLIS);
            return new Line(socket, true, new AtomicLong());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A connection that an attacker has accepted. */
    public static Line of(Socket socket) throws IOException {
        return new Line(socket, true, new AtomicLong());
    }

    /** Waits for the next frame. @throws IOException at the end, and if it is longer than frames may be */
    public Frame read() throws IOException {
        byte[] header = new byte[Frame.HEADER];
        in.readFully(header);
        int length = (header[1] & 0xFF) << 16 | (header[2] & 0xFF) << 8 | header[3] & 0xFF;
        if (checksLengths && length > LONGEST) {
            throw new IOException("a frame says that it has " + length + " bytes");
        }
        // Memory is given to whatever the header says: with lengths checked that is little.
        reserved.addAndGet(length);
        try {
            byte[] bytes = new byte[Frame.HEADER + length];
            System.arraycopy(header, 0, bytes, 0, Frame.HEADER);
            in.readFully(bytes, Frame.HEADER, length);
            read++;
            return new Frame(bytes);
        } finally {
            reserved.addAndGet(-length);
        }
    }

    public void write(Frame frame) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(frame.bytes());
            written++;
        }
    }

    /** Frames so far. */
    long framesRead() {
        return read;
    }

    long framesWritten() {
        synchronized (socket) {
            return written;
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
