package dev.parley.lab.control.weak;

import static dev.parley.lab.control.weak.DoorKeys.join;

import dev.parley.lab.Defence;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Calls a {@link Door}: honestly, or with a key that is not its own. Confined to one thread at a time. */
public final class Caller implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final List<byte[]> sent = new ArrayList<>();
    private final List<byte[]> heard = new ArrayList<>();
    private final Set<Defence> without;
    private byte[] sessionId;
    private DoorKeys keys;
    private long n;

    /** What somebody who claims a key makes of it. */
    public interface Claim {
        /** The key that is claimed, encoded. */
        byte[] key();

        /**
         * The secret that is to authenticate the caller.
         *
         * @param mutual whether it depends on the door's ephemeral key, or on its static one alone
         */
        byte[] authenticating(boolean mutual, byte[] doorKey, byte[] doorEphemeral) throws GeneralSecurityException;

        /** By who has the private key. */
        static Claim of(KeyPair own) {
            return new Claim() {
                @Override
                public byte[] key() {
                    return own.getPublic().getEncoded();
                }

                @Override
                public byte[] authenticating(boolean mutual, byte[] doorKey, byte[] doorEphemeral)
                        throws GeneralSecurityException {
                    return Curve.agree(own.getPrivate(), mutual ? doorEphemeral : doorKey);
                }
            };
        }

        /** By who has some other private key, and tries that. */
        static Claim of(byte[] claimed, PrivateKey has) {
            return new Claim() {
                @Override
                public byte[] key() {
                    return claimed.clone();
                }

                @Override
                public byte[] authenticating(boolean mutual, byte[] doorKey, byte[] doorEphemeral)
                        throws GeneralSecurityException {
                    // What the door computes from its own static key and the claimed one.
                    return Curve.agree(has, claimed);
                }
            };
        }
    }

    /** Connects, and says nothing yet. @param without what the door does without */
    public Caller(InetSocketAddress door, Set<Defence> without) throws IOException {
        this.without = Set.copyOf(without);
        socket = new Socket(door.getAddress(), door.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Handshakes as version 1 and a fresh instance. */
    public boolean enter(Claim claim) throws IOException, GeneralSecurityException {
        return enter(claim, Door.VERSION);
    }

    /** @return whether the door has let it in */
    public boolean enter(Claim claim, int version) throws IOException, GeneralSecurityException {
        KeyPair ephemeral = Curve.generate();
        byte[] instance = new byte[Door.INSTANCE];
        new SecureRandom().nextBytes(instance);
        byte[] hello = join(
                new byte[] {Door.HELLO, (byte) version},
                instance,
                claim.key(),
                ephemeral.getPublic().getEncoded());
        send(hello);
        try {
            byte[] answer = receive();
            byte[] doorKey = Arrays.copyOf(answer, Curve.PUBLIC);
            byte[] doorEphemeral = Arrays.copyOfRange(answer, Curve.PUBLIC, 2 * Curve.PUBLIC);
            sessionId = Arrays.copyOfRange(answer, 2 * Curve.PUBLIC, answer.length);
            keys = DoorKeys.of(
                    without,
                    join(hello, answer),
                    Curve.agree(ephemeral.getPrivate(), doorKey),
                    without.contains(Defence.AUTHENTICATION)
                            ? new byte[0]
                            : claim.authenticating(!without.contains(Defence.MUTUAL_SECRETS), doorKey, doorEphemeral),
                    without.contains(Defence.FORWARD_SECRECY)
                            ? new byte[0]
                            : Curve.agree(ephemeral.getPrivate(), doorEphemeral));
            send(keys.seal(true, n, "let me in".getBytes(StandardCharsets.US_ASCII)));
            byte[] welcome = keys.open(false, n++, receive());
            return welcome != null && welcome.length == 1 && welcome[0] == 'W';
        } catch (IOException refused) {
            return false;
        }
    }

    /** @return whether the door took it */
    public boolean say(String text) throws IOException {
        return exchange(join(new byte[] {'M'}, text.getBytes(StandardCharsets.UTF_8))) != null;
    }

    /** Has both sides move to fresh keys, where the door does that. */
    public void ratchet() throws IOException, GeneralSecurityException {
        KeyPair fresh = Curve.generate();
        byte[] answer = exchange(join(new byte[] {'K'}, fresh.getPublic().getEncoded()));
        if (answer != null && answer.length == 1 + Curve.PUBLIC) {
            keys.ratchet(Curve.agree(fresh.getPrivate(), Arrays.copyOfRange(answer, 1, answer.length)));
        }
    }

    private byte[] exchange(byte[] record) throws IOException {
        send(keys.seal(true, n, record));
        try {
            return keys.open(false, n++, receive());
        } catch (IOException ended) {
            return null;
        }
    }

    /** Asks for what waits for the caller of a session. @return null if the door does not give it */
    public String resume(byte[] id) throws IOException {
        send(join(new byte[] {Door.RESUME}, id));
        try {
            return new String(receive(), StandardCharsets.UTF_8);
        } catch (IOException refused) {
            return null;
        }
    }

    public byte[] sessionId() {
        return sessionId.clone();
    }

    /** What leaks from this caller's memory now. */
    public DoorKeys leak() {
        return keys.copy();
    }

    /** The number of the next record. */
    public long n() {
        return n;
    }

    /** Sends a frame. */
    public void send(byte[] body) throws IOException {
        sent.add(body.clone());
        raw(join(ByteBuffer.allocate(Integer.BYTES).putInt(body.length).array(), body));
    }

    /** Sends bytes. */
    public void raw(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Sends one byte. @return whether the door still has this connection, as far as one can see */
    public boolean dribble(int one) {
        try {
            raw(new byte[] {(byte) one});
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /** The bodies of the frames that it has sent: what is on the wire. */
    public List<byte[]> sent() {
        return List.copyOf(sent);
    }

    /** The bodies of the frames that have come. */
    public List<byte[]> heard() {
        return List.copyOf(heard);
    }

    private byte[] receive() throws IOException {
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        heard.add(body.clone());
        return body;
    }

    /** Reads a frame, for who has sent something by hand. @return null if the door ends the connection or says nothing */
    public byte[] answer() {
        try {
            return receive();
        } catch (IOException ended) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
