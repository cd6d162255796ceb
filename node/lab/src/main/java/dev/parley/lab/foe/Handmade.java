package dev.parley.lab.foe;

import static dev.parley.lab.foe.Transcript.join;

import dev.parley.lab.foe.Line.Answer;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.KeyTransport;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.crypto.XWing;
import dev.parley.protocol.wire.MalformedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;

/** An initiator made by hand: every message may hold what a foe wants it to. Confined to one thread at a time. */
public final class Handmade implements AutoCloseable {
    /** How long an answer of a node may take on a machine that is busy. */
    public static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final int IDENTITY_BLOCK = 1_024;

    private final SecureRandom random = new SecureRandom();
    private final Line line;
    private Transcript transcript = new Transcript(random);
    private Identity responder;

    private Handmade(Line line) {
        this.line = line;
    }

    /** Connects, and says nothing yet. */
    public static Handmade dial(InetSocketAddress target, Source source) throws IOException {
        return new Handmade(Line.to(target, source));
    }

    public Line line() {
        return line;
    }

    public Transcript transcript() {
        return transcript;
    }

    /** Who the responder says it is, after {@link #hello}. */
    public Identity responder() {
        return responder;
    }

    /** A HELLO. @param key what stands in the place of the ephemeral key */
    public static Frame hello(int version, byte[] suites, byte[] key) {
        return Frame.of(Frame.HELLO, join(new byte[] {(byte) version, (byte) suites.length}, suites, key));
    }

    /** A good HELLO, and the ACCEPT opened. @throws IOException if no good ACCEPT comes, with what came in the message */
    public Handmade hello() throws IOException {
        return hello(XWing.generate(random));
    }

    /** As {@link #hello()} with an ephemeral key of one's choice. */
    public Handmade hello(XWing.KeyPair ephemeral) throws IOException {
        Frame hello = hello(1, new byte[] {(byte) Suite.A256GCM.id()}, ephemeral.publicKey());
        line.send(hello);
        Answer answer = line.await(PATIENCE);
        if (!answer.is(Frame.ACCEPT)) {
            throw new IOException("a good HELLO was answered with " + answer);
        }
        byte[] accept = answer.frame().body();
        byte[] ciphertext = Arrays.copyOfRange(accept, 1, 1 + XWing.CIPHERTEXT);
        transcript = new Transcript(random);
        transcript.mixHash(hello.body());
        transcript.suite(Suite.A256GCM);
        transcript.mixHash(new byte[] {accept[0]}, ciphertext);
        try (Secret shared = XWing.decapsulate(ephemeral.seed(), ciphertext)) {
            transcript.mixKey(shared.reveal());
            responder =
                    Identity.parse(transcript.open(Arrays.copyOfRange(accept, 1 + XWing.CIPHERTEXT, accept.length)));
            return this;
        } catch (CryptoException | MalformedException e) {
            throw new IOException("the node's ACCEPT does not open", e);
        }
    }

    /** 32 fresh bytes. */
    public byte[] secret() {
        byte[] secret = new byte[KeyTransport.SECRET];
        random.nextBytes(secret);
        return secret;
    }

    /** A good wrap of a secret for the responder. */
    public byte[] wrap(byte[] secret) throws IOException {
        try (Secret held = Secret.own(secret.clone())) {
            return KeyTransport.wrap(responder.publicKey(), held, Crypto.jdk(), random);
        } catch (CryptoException e) {
            throw new IOException("the responder's key cannot be used", e);
        }
    }

    /**
     * Makes an IDENTIFY.
     *
     * @param wrap in the place of the wrapped secret
     * @param secret what goes into the keys as if it were in the wrap
     * @param identity in the place of the initiator's identity
     */
    public Frame identify(byte[] wrap, byte[] secret, byte[] identity) {
        byte[] first = transcript.seal(wrap);
        transcript.mixKey(secret);
        byte[] second = transcript.seal(identity);
        return pair(Frame.IDENTIFY, first, second);
    }

    /** Sends a good IDENTIFY with an identity of one's choice. @return the answer */
    public Answer claim(byte[] identity) throws IOException {
        byte[] secret = secret();
        line.send(identify(wrap(secret), secret, identity));
        return line.await(PATIENCE);
    }

    /** The wrap in a CONFIRM. @throws IOException if it does not open */
    public byte[] confirmed(Frame confirm) throws IOException {
        try {
            return transcript.open(halves(confirm)[0]);
        } catch (CryptoException e) {
            throw new IOException("the node's CONFIRM does not open", e);
        }
    }

    /** Mixes in what is taken for the secret of the CONFIRM. @return whether the second half opens with it */
    public boolean finish(Frame confirm, byte[] secret) {
        transcript.mixKey(secret);
        Transcript trial = transcript.copy();
        try {
            trial.open(halves(confirm)[1]);
            transcript = trial;
            return true;
        } catch (CryptoException e) {
            // As if: the transcript goes on as an honest initiator's would.
            transcript.mixHash(halves(confirm)[1]);
            return false;
        }
    }

    /**
     * Goes on to the end of the handshake as the holder of a key.
     *
     * @param secret in IDENTIFY
     * @return the session's id, before version and variant are set
     * @throws IOException if the node does not go on
     */
    public byte[] complete(IdentityKey key, byte[] secret) throws IOException {
        line.send(identify(wrap(secret), secret, identity(key.spki(), "")));
        Answer answer = line.await(PATIENCE);
        if (!answer.is(Frame.CONFIRM)) {
            throw new IOException("a good IDENTIFY was answered with " + answer);
        }
        byte[] wrap = confirmed(answer.frame());
        try (Secret unwrapped = KeyTransport.unwrap(key, wrap, Crypto.jdk(), random)) {
            if (!finish(answer.frame(), unwrapped.reveal())) {
                throw new IOException("the node's CONFIRM does not open with the key that it was made for");
            }
        }
        return transcript.sessionId();
    }

    /** The READY that the present state leads to. */
    public byte[] ready() {
        byte[] plaintext = ByteBuffer.allocate(5).put((byte) 0).putInt(1 << 20).array();
        return transcript.split().seal(true, 0, plaintext);
    }

    /** The bytes of an identity with any key: anybody can write them. */
    public static byte[] identity(byte[] spki, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int length = 2 + spki.length + 1 + text.length + 1 + 1 + 2;
        int padded = Math.ceilDiv(length, IDENTITY_BLOCK) * IDENTITY_BLOCK;
        return ByteBuffer.allocate(padded)
                .putShort((short) spki.length)
                .put(spki)
                .put((byte) text.length)
                .put(text)
                .put((byte) 0)
                .put((byte) 0)
                .putShort((short) (padded - length))
                .array();
    }

    /** A frame of two halves: IDENTIFY or CONFIRM. */
    public static Frame pair(int type, byte[] first, byte[] second) {
        return Frame.of(type, join(new byte[] {(byte) (first.length >> 8), (byte) first.length}, first, second));
    }

    /** The halves of such a frame. */
    public static byte[][] halves(Frame frame) {
        byte[] body = frame.body();
        int length = (body[0] & 0xFF) << 8 | body[1] & 0xFF;
        return new byte[][] {Arrays.copyOfRange(body, 2, 2 + length), Arrays.copyOfRange(body, 2 + length, body.length)
        };
    }

    @Override
    public void close() throws IOException {
        line.close();
    }
}
