package dev.parley.lab.sim;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * One TCP connection: bytes arrive late, cut anywhere, in their order or not at all. A side that closes with bytes unread, or gets
 * some afterwards, resets it, as the kernel does.
 */
final class Wire {
    private enum Mark {
        DATA,
        FIN,
        RST
    }

    private record Segment(long arrival, byte[] bytes, Mark mark) {}

    private static final byte[] NOTHING = {};
    private static final int RECORDINGS = 8;
    private static final int RECORDED = 2_700;

    private final World world;
    private final Link link;
    private final int number;
    private final End dialer;
    private final End acceptor;
    private List<byte[]> recordings;
    private boolean touched;

    Wire(World world, Link link, int number, int from, SimNode dialing, SimNode accepting) {
        this.world = world;
        this.link = link;
        this.number = number;
        int direction = link.direction(from);
        this.dialer = new End(direction, dialing);
        this.acceptor = new End(1 - direction, accepting);
        dialer.other = acceptor;
        acceptor.other = dialer;
        link.add(this);
    }

    int number() {
        return number;
    }

    End dialer() {
        return dialer;
    }

    End acceptor() {
        return acceptor;
    }

    /** Says whether somebody changed bytes of it. */
    boolean touched() {
        return touched;
    }

    /** Somebody without a key has one end of it. */
    void meddle() {
        touched = true;
    }

    /** Keeps what the dialer writes for who replays it. */
    void record(List<byte[]> recordings) {
        if (recordings.size() < RECORDINGS) {
            dialer.recording = new ByteArrayOutputStream();
            this.recordings = recordings;
        }
    }

    boolean over() {
        return dialer.closed && acceptor.closed;
    }

    /** A middlebox gives it up: what is under way is lost. */
    void reset() {
        for (End end : List.of(dialer, acceptor)) {
            end.way.clear();
            end.push(NOTHING, Mark.RST);
        }
    }

    /** A middlebox ends one direction. */
    void endDirection(boolean fromDialer) {
        End end = fromDialer ? dialer : acceptor;
        if (!end.finished) {
            end.finish();
        }
    }

    /** One side of the connection: what it writes is under way in {@link #way}, what has arrived waits in {@link #arrived}. */
    final class End {
        private final int direction;
        private final SimNode machine;
        private final Deque<Segment> way = new ArrayDeque<>();
        private final Deque<byte[]> arrived = new ArrayDeque<>();
        private End other;
        private Endpoint owner;
        private ByteArrayOutputStream recording;
        private long lastArrival;
        /** Of what this side wrote: under way, or arrived and not read. */
        private int outstanding;

        private boolean endArrived;
        private boolean finished;
        private boolean closed;
        private boolean paused;
        private boolean wasFull;
        private boolean readPlanned;

        private End(int direction, SimNode machine) {
            this.direction = direction;
            this.machine = machine;
        }

        /** Who reads and writes here from now on. */
        void own(Endpoint endpoint) {
            owner = endpoint;
            read();
        }

        Wire wire() {
            return Wire.this;
        }

        boolean writable() {
            boolean room = outstanding < world.scenario().net().buffer();
            wasFull |= !room;
            return room;
        }

        void write(byte[] bytes) {
            if (closed || finished) {
                return;
            }
            tape(bytes);
            int at = 0;
            while (at < bytes.length) {
                int most = Math.min(bytes.length - at, world.scenario().net().segmentMost());
                int length = most == bytes.length ? most : 1 + world.random().nextInt(most);
                send(Arrays.copyOfRange(bytes, at, at + length));
                at += length;
            }
        }

        private void tape(byte[] bytes) {
            if (recording != null) {
                recording.writeBytes(bytes);
                if (recording.size() >= RECORDED) {
                    recordings.add(recording.toByteArray());
                    recording = null;
                }
            }
        }

        void pause() {
            paused = true;
        }

        void resume() {
            if (paused && !world.has(Defect.NEVER_RESUMES)) {
                paused = false;
                planRead(0);
            }
        }

        void shutdownOutput() {
            if (!closed && !finished) {
                finish();
            }
        }

        void close() {
            if (closed) {
                return;
            }
            closed = true;
            owner = null;
            if (arrived.isEmpty()) {
                if (!finished) {
                    finish();
                }
            } else {
                push(NOTHING, Mark.RST);
                arrived.clear();
            }
        }

        /** The process is gone. @param told whether its system still resets the connection */
        void die(boolean told) {
            if (!closed) {
                closed = true;
                owner = null;
                arrived.clear();
                if (told) {
                    push(NOTHING, Mark.RST);
                } else {
                    way.clear();
                }
            }
        }

        private void finish() {
            finished = true;
            push(NOTHING, Mark.FIN);
        }

        private void send(byte[] piece) {
            Attack attack = link.attack();
            if (attack == null) {
                push(piece, Mark.DATA);
                return;
            }
            List<byte[]> treated = attack.treat(piece);
            if (treated == null) {
                touched = true;
                finish();
                return;
            }
            touched |= treated.size() != 1 || treated.getFirst() != piece;
            for (byte[] each : treated) {
                if (each.length > 0 && !finished) {
                    push(each, Mark.DATA);
                }
            }
        }

        private void push(byte[] bytes, Mark mark) {
            long arrival = Math.max(lastArrival, world.clock().now() + link.delay());
            Segment segment = new Segment(arrival, bytes, mark);
            if (world.has(Defect.REORDERED_BYTES) && way.size() > 1 && mark == Mark.DATA) {
                Segment last = way.removeLast();
                way.add(segment);
                segment = last;
            }
            lastArrival = arrival;
            outstanding += bytes.length;
            way.add(segment);
            world.clock().at(arrival, this::arrive);
        }

        private void arrive() {
            while (!way.isEmpty() && way.peek().arrival() <= world.clock().now()) {
                if (!link.open(direction, this::arrive)) {
                    return;
                }
                Segment segment = way.remove();
                other.accept(segment);
            }
        }

        private void accept(Segment segment) {
            if (closed) {
                boolean answers = machine == null || machine.running();
                if (segment.mark() == Mark.DATA && answers) {
                    push(NOTHING, Mark.RST);
                }
                return;
            }
            switch (segment.mark()) {
                case DATA -> arrived.add(segment.bytes());
                case FIN -> endArrived = true;
                case RST -> {
                    closed = true;
                    arrived.clear();
                    way.clear();
                    Endpoint last = owner;
                    owner = null;
                    if (last != null) {
                        last.lost();
                    }
                    return;
                }
            }
            read();
        }

        private void planRead(long delay) {
            if (!readPlanned) {
                readPlanned = true;
                world.clock().after(delay, () -> {
                    readPlanned = false;
                    read();
                });
            }
        }

        /** Gives the owner what has arrived, as much as it wants. */
        private void read() {
            while (owner != null && !paused && !arrived.isEmpty()) {
                byte[] next = arrived.remove();
                int most = machine == null ? next.length : machine.readsAtMost();
                if (next.length > most) {
                    arrived.addFirst(Arrays.copyOfRange(next, most, next.length));
                    next = Arrays.copyOf(next, most);
                }
                other.wasRead(next.length);
                owner.bytes(next);
                if (machine != null && machine.slow()) {
                    planRead(SimNode.SLOW_PAUSE);
                    return;
                }
            }
            // A system tells the end even to who does not read just now.
            if (owner != null && arrived.isEmpty() && endArrived) {
                endArrived = false;
                owner.inputEnded();
            }
        }

        private void wasRead(int count) {
            outstanding = Math.max(0, outstanding - count);
            if (wasFull && outstanding < world.scenario().net().buffer()) {
                wasFull = false;
                world.clock().after(link.delay(), () -> {
                    if (owner != null) {
                        owner.drained();
                    }
                });
            }
        }
    }
}
