package dev.parley.lab.control;

import dev.parley.lab.Defence;
import dev.parley.lab.control.RecordKeys.Unopened;
import dev.parley.lab.wire.Frame;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What follows the handshake: records of {@code kind u8 | content}.
 *
 * <pre>
 * MESSAGE        id u64 | text
 * ACK            id u64
 * CLOSE          nothing
 * RATCHET        X25519 key: the dialer asks for new keys
 * RATCHET_REPLY  X25519 key: from here on both use them
 * </pre>
 */
public final class Session {
    public static final int MESSAGE = 1;
    public static final int ACK = 2;
    public static final int CLOSE = 3;
    static final int RATCHET = 4;
    static final int RATCHET_REPLY = 5;

    private final Line line;
    private final Set<Defence> without;
    private final Owner owner;
    private final List<byte[]> held = new ArrayList<>();
    private Established now;
    private RecordKeys sending;
    private RecordKeys receiving;
    private KeyPair offered;
    private int epoch;
    private boolean closed;
    private boolean ended;

    /** Who has the session. */
    interface Owner {
        /** @return whether to acknowledge it */
        boolean message(Session session, long id, String text);

        void acknowledged(Session session, long id);

        void ended(Session session, String how);
    }

    Session(Line line, Established established, Set<Defence> without, Owner owner) {
        this.line = line;
        this.without = without;
        this.owner = owner;
        use(established);
    }

    public Established established() {
        return now;
    }

    /** How often the keys were replaced. */
    public synchronized int epoch() {
        return epoch;
    }

    /** What a thief finds in the memory of this side at the moment: the secrets of both directions, and the next ones'. */
    public synchronized Established memory() {
        return new Established(
                now.peer(),
                now.initiator(),
                now.version(),
                now.suite(),
                now.out().clone(),
                now.in().clone(),
                now.ratchet().clone(),
                now.nOut(),
                now.nIn());
    }

    private void use(Established established) {
        now = established;
        sending = new RecordKeys(now.out(), now.suite(), now.nOut(), without);
        receiving = new RecordKeys(now.in(), now.suite(), now.nIn(), without);
    }

    /** Writes a message. @throws IOException if the connection is gone */
    void message(long id, String text) throws IOException {
        send(record(MESSAGE, id, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The last record of this side. */
    public void close() {
        try {
            send(new byte[] {CLOSE});
            line.socket().shutdownOutput();
        } catch (IOException e) {
            line.close();
        }
    }

    /** Without a word, as a crash does. */
    void abort() {
        line.close();
    }

    /** What passing time brings: the dialer has new keys made. Nothing where the control does without a ratchet. */
    public synchronized void ratchet() throws IOException {
        if (without.contains(Defence.RATCHET) || !now.initiator() || offered != null) {
            return;
        }
        try {
            KeyPair fresh = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            send(join(RATCHET, fresh.getPublic().getEncoded()));
            offered = fresh;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static byte[] record(int kind, long id, byte[] text) {
        return ByteBuffer.allocate(1 + Long.BYTES + text.length)
                .put((byte) kind)
                .putLong(id)
                .put(text)
                .array();
    }

    private synchronized void send(byte[] plaintext) throws IOException {
        if (offered != null) {
            held.add(plaintext);
            return;
        }
        try {
            line.write(Frame.of(Frame.RECORD, sending.seal(plaintext)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads until the end. */
    void run() {
        String how;
        try {
            do {
                Frame frame = line.read();
                if (!frame.is(Frame.RECORD)) {
                    throw new IOException("frame " + frame.type() + " in a session");
                }
                receive(frame);
            } while (!closed);
            how = "closed";
            close();
        } catch (EOFException e) {
            how = without.contains(Defence.EXPLICIT_CLOSE) ? "closed" : "truncated";
        } catch (Unopened e) {
            how = "tampered with: " + e.getMessage();
        } catch (IOException | RuntimeException e) {
            how = "broken: " + e.getMessage();
        }
        line.close();
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        owner.ended(this, how);
    }

    private void receive(Frame frame) throws IOException, Unopened {
        byte[] plaintext;
        try {
            synchronized (this) {
                plaintext = receiving.open(frame.body());
            }
        } catch (Unopened e) {
            if (!without.contains(Defence.UNIFORM_FAILURE)) {
                throw e;
            }
            line.write(Frame.of(Frame.ALERT, e.getMessage().getBytes(StandardCharsets.UTF_8)));
            return;
        }
        if (plaintext.length == 0) {
            throw new IOException("a record without a kind");
        }
        byte[] content = Arrays.copyOfRange(plaintext, 1, plaintext.length);
        switch (plaintext[0]) {
            case MESSAGE -> {
                long id = id(content);
                String text = new String(content, Long.BYTES, content.length - Long.BYTES, StandardCharsets.UTF_8);
                if (owner.message(this, id, text)) {
                    send(record(ACK, id, new byte[0]));
                }
            }
            case ACK -> owner.acknowledged(this, id(content));
            case CLOSE -> closed = true;
            case RATCHET -> answer(content);
            case RATCHET_REPLY -> finish(content);
            default -> throw new IOException("a record of kind " + plaintext[0]);
        }
    }

    private static long id(byte[] content) throws IOException {
        if (content.length < Long.BYTES) {
            throw new IOException("a record is too short");
        }
        return ByteBuffer.wrap(content).getLong();
    }

    private synchronized void answer(byte[] key) throws IOException {
        try {
            KeyPair fresh = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            send(join(RATCHET_REPLY, fresh.getPublic().getEncoded()));
            replace(fresh, key);
        } catch (GeneralSecurityException e) {
            throw new IOException("the ratchet failed", e);
        }
    }

    private synchronized void finish(byte[] key) throws IOException {
        if (offered == null) {
            throw new IOException("an answer that nobody asked for");
        }
        try {
            replace(offered, key);
        } catch (GeneralSecurityException e) {
            throw new IOException("the ratchet failed", e);
        }
        offered = null;
        for (byte[] each : List.copyOf(held)) {
            send(each);
        }
        held.clear();
    }

    private void replace(KeyPair own, byte[] other) throws GeneralSecurityException {
        byte[] fresh =
                OwnKeys.agree(own, KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(other)));
        byte[] salt = now.ratchet();
        byte[] toResponder = Kdf.derive(fresh, salt, "to the responder", 32);
        byte[] toInitiator = without.contains(Defence.DIRECTION_KEYS)
                ? toResponder.clone()
                : Kdf.derive(fresh, salt, "to the initiator", 32);
        Established old = now;
        use(new Established(
                now.peer(),
                now.initiator(),
                now.version(),
                now.suite(),
                now.initiator() ? toResponder : toInitiator,
                now.initiator() ? toInitiator : toResponder,
                Kdf.derive(fresh, salt, "ratchet", 32),
                0,
                0));
        for (byte[] each : List.of(old.out(), old.in(), old.ratchet())) {
            Arrays.fill(each, (byte) 0);
        }
        epoch++;
    }

    private static byte[] join(int kind, byte[] content) {
        return ByteBuffer.allocate(1 + content.length)
                .put((byte) kind)
                .put(content)
                .array();
    }
}
