package dev.parley.lab.control;

import dev.parley.lab.Defence;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Where strangers come in: a listener on a free loopback port with a few places for handshakes that are not over. */
final class Door implements Closeable {
    /** Places for handshakes under way. */
    static final int PLACES = 64;
    /** How many of them one address may take up, with caps. */
    static final int EACH = 8;
    /** How long a handshake may take, with deadlines. */
    static final Duration DEADLINE = Duration.ofSeconds(3);

    private final ServerSocket server;
    private final Set<Defence> without;
    private final Consumer<Socket> guests;
    private final Map<Socket, InetAddress> halfOpen = new LinkedHashMap<>();

    Door(Set<Defence> without, Consumer<Socket> guests) throws IOException {
        this.without = without;
        this.guests = guests;
        server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("door").start(this::run);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    /** How many handshakes are under way. */
    synchronized int halfOpen() {
        return halfOpen.size();
    }

    /** The handshake is over, one way or another. */
    synchronized void leave(Socket socket) {
        halfOpen.remove(socket);
    }

    private void run() {
        while (!server.isClosed()) {
            try {
                Socket guest = server.accept();
                if (enter(guest)) {
                    Thread.ofVirtual().start(() -> guests.accept(guest));
                    watch(guest);
                }
            } catch (IOException e) {
                // Closed: the loop's condition ends it.
            }
        }
    }

    private synchronized boolean enter(Socket guest) throws IOException {
        InetAddress from = guest.getInetAddress();
        if (!without.contains(Defence.CAPS)
                && halfOpen.values().stream().filter(from::equals).count() >= EACH) {
            drop(halfOpen.entrySet().stream()
                    .filter(each -> each.getValue().equals(from))
                    .findFirst()
                    .orElseThrow()
                    .getKey());
        }
        if (halfOpen.size() >= PLACES) {
            guest.close();
            return false;
        }
        halfOpen.put(guest, from);
        return true;
    }

    private void watch(Socket guest) {
        if (without.contains(Defence.DEADLINES)) {
            return;
        }
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(DEADLINE);
                synchronized (this) {
                    if (halfOpen.containsKey(guest)) {
                        drop(guest);
                    }
                }
            } catch (InterruptedException | IOException e) {
                // It is given up either way.
            }
        });
    }

    private void drop(Socket guest) throws IOException {
        halfOpen.remove(guest);
        guest.close();
    }

    @Override
    public synchronized void close() throws IOException {
        server.close();
        for (Socket each : halfOpen.keySet()) {
            each.close();
        }
    }
}
