package dev.parley.node.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The wire between two nodes, at a port of its own on loopback; it can be cut, held and torn at one end. Thread-safe. */
final class Relay implements AutoCloseable {
    private static final int PIECE = 16_384;

    private final ServerSocket listener;
    private final int target;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private boolean held;

    /** @param near the dialer's connection, @param far the one to the target */
    private record Wire(Socket near, Socket far) {}

    /** @param target port on loopback that what comes is led to */
    Relay(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Ends all connections at both ends at once. */
    void cut() {
        wires.forEach(wire -> {
            reset(wire.near);
            reset(wire.far);
        });
    }

    /** Ends all connections at the target's end; the dialer hears nothing more, and not that it is over. */
    void tear() {
        wires.forEach(wire -> {
            wires.remove(wire);
            reset(wire.far);
        });
    }

    /** Nothing passes, either way, until {@link #release}; nothing is lost, new connections included. */
    synchronized void hold() {
        held = true;
    }

    synchronized void release() {
        held = false;
        notifyAll();
    }

    private synchronized void pass() throws InterruptedException {
        while (held) {
            wait();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        try {
            pass();
            var wire = new Wire(near, new Socket(InetAddress.ofLiteral("127.0.0.1"), target));
            wires.add(wire);
            Thread.ofVirtual().start(() -> pump(wire, wire.near, wire.far));
            Thread.ofVirtual().start(() -> pump(wire, wire.far, wire.near));
        } catch (IOException absent) {
            reset(near);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Wire wire, Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                pass();
                out.write(piece, 0, n);
            }
            pass();
            to.shutdownOutput();
        } catch (IOException over) {
            // A torn wire is no longer among them: its dialer is to notice by itself.
            if (wires.remove(wire)) {
                reset(from);
                reset(to);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException over) {
            // It is closed already.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        release();
        cut();
    }
}
