package dev.parley.client.demo;

import dev.parley.client.demo.Recording.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** A TCP relay on a free loopback port that keeps a copy of all that passes, and can flip a bit of it. */
final class WireTap implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    private final ServerSocket server;
    private final int target;
    private final List<Recording> recordings = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Direction> flip = new AtomicReference<>();

    private WireTap(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    /** A tap in front of a loopback port. */
    static WireTap before(int target) throws IOException {
        WireTap tap = new WireTap(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), target);
        Thread.ofVirtual().name("wire tap").start(tap::accept);
        return tap;
    }

    int port() {
        return server.getLocalPort();
    }

    /** One for each connection so far, in the order in which they came. */
    List<Recording> recordings() {
        return List.copyOf(recordings);
    }

    /** Flips one bit of the next bytes that pass in this direction, once. */
    void flipOneBit(Direction direction) {
        flip.set(direction);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket dialer = server.accept();
                open.add(dialer);
                Thread.ofVirtual().start(() -> relay(dialer));
            } catch (IOException e) {
                // Closed: the loop's condition ends it.
            }
        }
    }

    private void relay(Socket dialer) {
        try (dialer;
                Socket answerer = new Socket()) {
            open.add(answerer);
            if (server.isClosed()) {
                return;
            }
            answerer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
            Recording recording = new Recording();
            recordings.add(recording);
            Thread back = Thread.ofVirtual().start(() -> pump(answerer, dialer, recording, Direction.BACK));
            pump(dialer, answerer, recording, Direction.OUT);
            back.join();
        } catch (IOException e) {
            // The answerer is not there (any more): the dialer sees its connection end, as it would without a tap.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(dialer);
        }
    }

    private void pump(Socket from, Socket to, Recording recording, Direction direction) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count; (count = in.read(buffer)) >= 0; ) {
                recording.add(direction, buffer, count);
                if (flip.compareAndSet(direction, null)) {
                    // The last byte is in the tag of a record, never in a length: the frame stays whole.
                    buffer[count - 1] ^= 1;
                }
                out.write(buffer, 0, count);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // A reset is passed on as an end.
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    @Override
    public void close() {
        closeQuietly(server);
        open.forEach(WireTap::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // It is given up either way.
        }
    }
}
