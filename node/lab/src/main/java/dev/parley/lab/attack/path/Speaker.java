package dev.parley.lab.attack.path;

import dev.parley.lab.control.Line;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.handshake.Authenticated;
import dev.parley.protocol.handshake.AwaitAccept;
import dev.parley.protocol.handshake.AwaitConfirm;
import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.handshake.Local;
import dev.parley.protocol.handshake.ResponderClaimed;
import dev.parley.protocol.handshake.Sent;
import dev.parley.protocol.record.RatchetPolicy;
import dev.parley.protocol.record.RecordLayer;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Somebody who speaks PSP/1 over a plain socket, and has its records in hand before they are written. Dials. */
public final class Speaker implements Closeable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long PING = 0x5E771E;
    private static final int PATIENCE_MILLIS = 10_000;

    private final Line line;
    private final RecordLayer records;

    private Speaker(Line line, RecordLayer records) {
        this.line = line;
        this.records = records;
    }

    /** What a handshake needs of somebody with this key. */
    public static Local local(IdentityKey key, String name, List<Suite> suites) {
        return local(key, Identity.of(key, name, "", List.of()), suites);
    }

    /** Of somebody who shows an identity that may not be the key's. */
    public static Local local(IdentityKey key, Identity shown, List<Suite> suites) {
        return new Local(key, shown, suites, Limits.MAX_PLAINTEXT_FLOOR, Crypto.jdk(), RANDOM);
    }

    /** A public key in an identity, as its owner would show it: section 4 of PSP/1. */
    public static Identity claim(byte[] spki, String name) throws IOException {
        byte[] called = name.getBytes(StandardCharsets.UTF_8);
        int taken = 2 + spki.length + 1 + called.length + 1 + 1 + 2;
        int whole = Math.ceilDiv(taken, Limits.IDENTITY_BLOCK) * Limits.IDENTITY_BLOCK;
        ByteBuffer out = ByteBuffer.allocate(whole);
        out.putShort((short) spki.length).put(spki).put((byte) called.length).put(called);
        out.put((byte) 0).put((byte) 0).putShort((short) (whole - taken));
        try {
            return Identity.parse(out.array());
        } catch (MalformedException e) {
            throw new IOException("no identity can be made of that key: " + e.getMessage(), e);
        }
    }

    /**
     * Dials, finishes the handshake, and waits for the first record, which says that the session is up.
     *
     * @throws IOException if it does not come up
     */
    public static Speaker dial(InetSocketAddress address, Local local) throws IOException {
        Line line = Line.to(address);
        try {
            line.socket().setSoTimeout(PATIENCE_MILLIS);
            Speaker speaker = new Speaker(line, shake(line, local));
            speaker.line.write(speaker.seal(new Record.Ready(local.maxPlaintext())));
            speaker.records.open(speaker.awaited(Frame.RECORD).bytes());
            return speaker;
        } catch (HandshakeException | CryptoException e) {
            line.close();
            throw new IOException("no session: " + e.getMessage(), e);
        } catch (IOException e) {
            line.close();
            throw e;
        }
    }

    /** The handshake alone, without READY. */
    static RecordLayer shake(Line line, Local local) throws IOException, HandshakeException {
        Sent<AwaitAccept> hello = AwaitAccept.begin(local);
        line.write(new Frame(hello.frame()));
        Frame accept = awaited(line, Frame.ACCEPT);
        ResponderClaimed claimed = hello.next().accept(accept.body(), Optional.empty());
        Sent<AwaitConfirm> identify = claimed.identify();
        line.write(new Frame(identify.frame()));
        Authenticated authenticated =
                identify.next().confirm(awaited(line, Frame.CONFIRM).body());
        return new RecordLayer(
                Role.INITIATOR, authenticated.keys(), RatchetPolicy.DEFAULTS, local.crypto(), local.random(), 0);
    }

    private Frame awaited(int type) throws IOException {
        return awaited(line, type);
    }

    /** @throws IOException if another frame comes: it says which */
    static Frame awaited(Line line, int type) throws IOException {
        Frame frame = line.read();
        if (!frame.is(type)) {
            throw new IOException("the node answers with " + frame + " instead of a frame of type " + type);
        }
        return frame;
    }

    /** Reads whatever the node says of its own accord when a session is new: until it answers a PING. */
    public void settle() throws IOException {
        var ping = new Record.Ping(PING);
        line.write(seal(ping));
        try {
            Record record;
            do {
                record = Record.parse(records.open(awaited(Frame.RECORD).bytes()));
            } while (!(record instanceof Record.Pong pong && pong.token() == ping.token()));
        } catch (CryptoException | MalformedException e) {
            throw new IOException("a record of the node does not open", e);
        }
    }

    /** Whether a frame is a record that opens and does not end the session. Records have to be shown in their order. */
    public boolean goesOn(Frame frame) {
        try {
            return frame.is(Frame.RECORD) && !(Record.parse(records.open(frame.bytes())) instanceof Record.Close);
        } catch (CryptoException | MalformedException e) {
            return false;
        }
    }

    /** The next record, not written yet. */
    public Frame seal(Record record) {
        byte[] bytes = new byte[records.frameLength(record)];
        records.seal(record, bytes, 0, 0);
        return new Frame(bytes);
    }

    /** The connection. */
    public Line line() {
        return line;
    }

    @Override
    public void close() {
        line.close();
        records.close();
    }
}
