package dev.parley.lab.network;

import dev.parley.lab.network.Network.Cut;
import dev.parley.lab.network.Network.LinkSpec;
import dev.parley.lab.wire.Direction;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP relay in front of a node that makes a link of the loopback: late, slow, stalling, cut, and with somebody on it. */
final class LinkRelay implements AutoCloseable {
    /** What somebody on the link does with the bytes that pass. Called by two threads for each connection. */
    interface Tap {
        Tap NONE = (connection, direction, bytes) -> bytes;

        /** @return what goes on */
        byte[] pass(int connection, Direction direction, byte[] bytes);
    }

    private record Piece(byte[] bytes, long due) {}

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ = 16 << 10;
    /** What is on the way in one direction: pieces of at most {@link #READ} bytes. */
    private static final int ON_THE_WAY = 64;
    /** The first retransmission of TCP comes after about this long, then twice it. */
    private static final long RETRANSMISSION_MILLIS = 200;

    private static final byte[] END = {};

    private final LinkSpec spec;
    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Tap tap;
    private final Random random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong stalls = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final long[] freeAt = new long[2];
    private volatile long begun = Long.MAX_VALUE;
    private volatile boolean whole;

    LinkRelay(LinkSpec spec, InetSocketAddress target, Tap tap, long seed) throws IOException {
        this.spec = spec;
        this.target = target;
        this.tap = tap;
        this.random = new Random(seed);
        this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("link " + spec.name()).start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    /** The network's time begins: cuts count from now. */
    void begin() {
        begun = System.nanoTime();
        for (Cut cut : spec.cuts()) {
            if (cut.reset()) {
                Thread.ofVirtual().start(() -> {
                    if (sleep(cut.at().toMillis()) && !whole) {
                        open.forEach(LinkRelay::reset);
                    }
                });
            }
        }
    }

    /** No more cuts. */
    void heal() {
        whole = true;
    }

    boolean isCut() {
        return cut() != null;
    }

    int connections() {
        return connections.get();
    }

    long stalls() {
        return stalls.get();
    }

    long bytes() {
        return bytes.get();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // It is given up either way.
        }
        open.forEach(LinkRelay::reset);
    }

    private Cut cut() {
        long at = System.nanoTime() - begun;
        if (whole || begun == Long.MAX_VALUE) {
            return null;
        }
        return spec.cuts().stream()
                .filter(each -> at >= each.at().toNanos()
                        && at < each.at().plus(each.length()).toNanos())
                .findFirst()
                .orElse(null);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket dialer = server.accept();
                Thread.ofVirtual().start(() -> relay(dialer));
            } catch (IOException e) {
                // Closed: the loop's condition ends it.
            }
        }
    }

    private void relay(Socket dialer) {
        open.add(dialer);
        try (dialer;
                Socket answerer = new Socket()) {
            Cut now = cut();
            if (now != null && now.reset()) {
                reset(dialer);
                return;
            }
            waitForTheCutsEnd();
            open.add(answerer);
            answerer.setTcpNoDelay(true);
            dialer.setTcpNoDelay(true);
            answerer.connect(target, CONNECT_MILLIS);
            if (server.isClosed()) {
                return;
            }
            int number = connections.incrementAndGet();
            Thread back = Thread.ofVirtual().start(() -> carry(number, answerer, dialer, Direction.BACK));
            carry(number, dialer, answerer, Direction.OUT);
            back.join();
            open.remove(answerer);
        } catch (IOException e) {
            // The node is not there (any more): the dialer sees its connection end, as it would without a relay.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(dialer);
        }
    }

    /** Reads here, writes in a thread of its own when each piece is due. */
    private void carry(int number, Socket from, Socket to, Direction direction) {
        BlockingQueue<Piece> way = new LinkedBlockingQueue<>(ON_THE_WAY);
        Thread writer = Thread.ofVirtual().start(() -> write(way, from, to));
        byte[] buffer = new byte[READ];
        try {
            for (int count; (count = from.getInputStream().read(buffer)) >= 0; ) {
                byte[] piece = tap.pass(number, direction, java.util.Arrays.copyOf(buffer, count));
                bytes.addAndGet(count);
                way.put(new Piece(piece, due(direction, count)));
            }
            way.put(new Piece(END, due(direction, 0)));
            writer.join();
        } catch (IOException e) {
            reset(from);
            reset(to);
            writer.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** When a piece that leaves now has arrived, in nanoseconds; never before the one in front of it. */
    private long due(Direction direction, int count) {
        synchronized (freeAt) {
            long now = System.nanoTime();
            int index = direction.ordinal();
            long start = freeAt[index] == 0 ? now : Math.max(now, freeAt[index]);
            if (spec.rate() > 0) {
                start += count * 1_000_000_000L / spec.rate();
                freeAt[index] = start;
            }
            long jitter =
                    spec.jitter().isZero() ? 0 : random.nextLong(spec.jitter().toNanos());
            long stall = 0;
            for (long wait = RETRANSMISSION_MILLIS; random.nextDouble() < spec.loss(); wait *= 2) {
                stalls.incrementAndGet();
                stall += wait * 1_000_000;
            }
            return start + spec.delay().toNanos() + jitter + stall;
        }
    }

    private void write(BlockingQueue<Piece> way, Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            for (Piece piece = way.take(); piece.bytes() != END; piece = way.take()) {
                sleepUntil(piece.due());
                waitForTheCutsEnd();
                out.write(piece.bytes());
            }
            waitForTheCutsEnd();
            to.shutdownOutput();
        } catch (IOException e) {
            // A reset is passed on.
            reset(from);
            reset(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void waitForTheCutsEnd() throws InterruptedException {
        while (isCut() && !server.isClosed()) {
            Thread.sleep(10);
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
        }
    }

    private static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
