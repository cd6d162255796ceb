package dev.parley.lab.sim;

import dev.parley.protocol.Channel;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.FrameType;
import dev.parley.protocol.wire.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * What one side of a session was seen to do with its keys and counters. Every record that opens shows under which epoch and n it was
 * sealed, since both are bound by its key; so positions that only grow mean that no n was used twice.
 */
final class Seen {
    private static final int HEADER = 4;

    private final Oracle oracle;
    private final Conn conn;
    private UUID session;
    private long received = -1;
    private int sendEpoch;
    private int epoch;

    /** RECORD frames written, and the number of each that a Sent event may still name. */
    private long records;

    private final Deque<byte[]> unnamed = new ArrayDeque<>();
    private long firstUnnamed;
    private int lastEpoch = -1;
    private long lastN;
    private long lastRecord;

    Seen(Oracle oracle, Conn conn) {
        this.oracle = oracle;
        this.conn = conn;
    }

    /** Keys exist. */
    void authenticated(UUID id, Suite suite) {
        session = id;
        oracle.keys(conn, id, suite);
    }

    /** After each call: counters only grow. */
    void positions(Channel channel) {
        if (session == null || channel.phase() == Channel.Phase.ENDED) {
            return;
        }
        long now = (long) channel.receiveEpoch() << 40 | channel.receiveN();
        if (now < received) {
            throw new Violation(conn + " receives at " + channel.receiveEpoch() + "." + channel.receiveN() + " again");
        }
        received = now;
        if (channel.sendEpoch() < sendEpoch || channel.sendEpoch() > sendEpoch + 1) {
            throw new Violation(conn + " sends in epoch " + channel.sendEpoch() + " after " + sendEpoch);
        }
        sendEpoch = channel.sendEpoch();
        if (Math.abs(channel.sendEpoch() - channel.receiveEpoch()) > 1) {
            throw new Violation(
                    conn + " sends in epoch " + channel.sendEpoch() + " and receives in " + channel.receiveEpoch());
        }
    }

    /** Whole frames were written. */
    void written(byte[] frames) {
        int at = 0;
        while (at < frames.length) {
            int length = (frames[at + 1] & 0xff) << 16 | (frames[at + 2] & 0xff) << 8 | frames[at + 3] & 0xff;
            if (FrameType.of(frames[at] & 0xff) == FrameType.RECORD) {
                unnamed.add(Arrays.copyOfRange(frames, at, at + HEADER + length));
                records++;
            }
            at += HEADER + length;
        }
        if (at != frames.length) {
            throw new Violation(conn + " wrote a frame in part");
        }
    }

    /** A message was sealed with this epoch and n: they must fit the number of records written. */
    void sealed(int atEpoch, long n, byte[] frame) {
        List<byte[]> passed = new ArrayList<>();
        while (!unnamed.isEmpty() && !Arrays.equals(unnamed.peek(), frame)) {
            passed.add(unnamed.remove());
            firstUnnamed++;
        }
        if (unnamed.isEmpty()) {
            throw new Violation(conn + " names a record as sent that it did not write: " + passed.size() + " others");
        }
        unnamed.remove();
        long record = firstUnnamed++;
        boolean fits = atEpoch == lastEpoch
                ? n - lastN == record - lastRecord
                : atEpoch > lastEpoch && n <= (lastEpoch < 0 ? record : record - lastRecord - 2);
        if (!fits) {
            throw new Violation(conn + " sealed record " + record + " at " + atEpoch + "." + n + ", the one before, "
                    + lastRecord + ", at " + lastEpoch + "." + lastN);
        }
        lastEpoch = atEpoch;
        lastN = n;
        lastRecord = record;
        oracle.sealed(session, conn.channel().role(), atEpoch, n, frame);
    }

    /** A record opened: it must be one that the other side sealed there, and come once. */
    void opened(int atEpoch, long n, byte[] frame) {
        Role sender = conn.channel().role().other();
        oracle.opened(conn, session, sender, atEpoch, n, frame);
    }

    /** Both directions have moved. */
    void ratcheted(int to) {
        if (to != epoch + 1) {
            throw new Violation(conn + " moved from epoch " + epoch + " to " + to);
        }
        epoch = to;
    }
}
