package dev.parley.lab.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * A TCP relay on a free loopback port in front of a node: the attacker on the path. Each connection is given a script of its own,
 * frame by frame, and is recorded as it came, before the script has touched it.
 */
public final class Relay implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    private final ServerSocket server;
    private volatile InetSocketAddress target;
    private final Supplier<Script> scripts;
    private final List<Tape> tapes = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Relay(ServerSocket server, InetSocketAddress target, Supplier<Script> scripts) {
        this.server = server;
        this.target = target;
        this.scripts = scripts;
    }

    /** @param scripts makes the script of each connection */
    public static Relay before(InetSocketAddress target, Supplier<Script> scripts) throws IOException {
        Relay relay = new Relay(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), target, scripts);
        Thread.ofVirtual().name("relay").start(relay::accept);
        return relay;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    /** One for each connection so far, in the order in which they came. */
    public List<Tape> tapes() {
        return List.copyOf(tapes);
    }

    /** New connections go there from now on. */
    public void turnTo(InetSocketAddress other) {
        target = other;
    }

    /** Resets all connections; new ones are relayed as before. */
    public void cut() {
        open.forEach(Relay::reset);
    }

    @Override
    public void close() {
        closeQuietly(server);
        cut();
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
            open.add(answerer);
            answerer.setTcpNoDelay(true);
            dialer.setTcpNoDelay(true);
            answerer.connect(target, CONNECT_MILLIS);
            if (server.isClosed()) {
                return;
            }
            var connection = new Connection(dialer, answerer, scripts.get());
            tapes.add(connection.tape);
            Thread back = Thread.ofVirtual().start(() -> connection.run(Direction.BACK));
            connection.run(Direction.OUT);
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

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // It is given up either way.
        }
    }

    /** All that came over one connection, both ways. Thread-safe. */
    public static final class Tape {
        private final List<Frame> out = new ArrayList<>();
        private final List<Frame> back = new ArrayList<>();

        /** Whole frames, in order. */
        public synchronized List<Frame> frames(Direction direction) {
            return List.copyOf(of(direction));
        }

        /** All of it as it came. */
        public synchronized byte[] bytes(Direction direction) {
            var all = new ByteArrayOutputStream();
            of(direction).forEach(each -> all.writeBytes(each.bytes()));
            return all.toByteArray();
        }

        private synchronized void add(Direction direction, Frame frame) {
            of(direction).add(frame);
        }

        private List<Frame> of(Direction direction) {
            return direction == Direction.OUT ? out : back;
        }
    }

    private static final class Connection implements Script.Wire {
        private final Socket dialer;
        private final Socket answerer;
        private final Script script;
        private final Tape tape = new Tape();

        Connection(Socket dialer, Socket answerer, Script script) {
            this.dialer = dialer;
            this.answerer = answerer;
            this.script = script;
        }

        void run(Direction direction) {
            Socket from = direction == Direction.OUT ? dialer : answerer;
            try {
                var in = new DataInputStream(from.getInputStream());
                while (true) {
                    Frame frame = read(in);
                    tape.add(direction, frame);
                    script.frame(this, direction, frame);
                }
            } catch (EOFException e) {
                try {
                    end(direction);
                } catch (IOException gone) {
                    reset();
                }
            } catch (IOException e) {
                // A reset is passed on as one.
                reset();
            }
        }

        private static Frame read(DataInputStream in) throws IOException {
            byte[] header = new byte[Frame.HEADER];
            in.readFully(header);
            int length = (header[1] & 0xFF) << 16 | (header[2] & 0xFF) << 8 | header[3] & 0xFF;
            byte[] bytes = new byte[Frame.HEADER + length];
            System.arraycopy(header, 0, bytes, 0, Frame.HEADER);
            in.readFully(bytes, Frame.HEADER, length);
            return new Frame(bytes);
        }

        @Override
        public void pass(Direction direction, Frame frame) throws IOException {
            inject(direction, frame.bytes());
        }

        @Override
        public void inject(Direction direction, byte[] bytes) throws IOException {
            OutputStream out = to(direction).getOutputStream();
            synchronized (to(direction)) {
                out.write(bytes);
                out.flush();
            }
        }

        @Override
        public void end(Direction direction) throws IOException {
            if (!to(direction).isOutputShutdown()) {
                to(direction).shutdownOutput();
            }
        }

        @Override
        public void reset() {
            Relay.reset(dialer);
            Relay.reset(answerer);
        }

        private Socket to(Direction direction) {
            return direction == Direction.OUT ? answerer : dialer;
        }
    }
}
