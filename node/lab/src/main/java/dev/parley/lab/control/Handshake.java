package dev.parley.lab.control;

import dev.parley.lab.Defence;
import dev.parley.lab.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Set;
import javax.crypto.Cipher;

/**
 * The control's handshake, a small cousin of PSP/1's. Bodies are {@link Parts}:
 *
 * <pre>
 * HELLO     version, suites, e_i                     from the initiator
 * ACCEPT    version, suite, e_r, public keys         from the responder
 * IDENTIFY  public keys, s_r wrapped for the responder
 * CONFIRM   s_i wrapped for the initiator, tag
 * READY     tag
 * </pre>
 *
 * The keys come from the X25519 secret of e_i and e_r, from s_r and s_i, and from all bytes before them. IGNORE means nothing and
 * may come at any time.
 */
public final class Handshake {
    public static final int READY = 0x05;
    public static final int IGNORE = 0x20;
    public static final int NEWEST = 2;
    public static final int OLDEST = 1;
    /** AES-256. */
    public static final byte STRONG = 2;
    /** AES-128. */
    public static final byte WEAK = 1;

    static final String OAEP = "RSA/ECB/OAEPWithSHA-256AndMGF1Padding";
    static final String PKCS1 = "RSA/ECB/PKCS1Padding";

    private static final int SECRET = 32;
    private static final byte[] NOTHING = {};

    private final Line line;
    private final Keys own;
    private final Set<Defence> without;
    private final SecureRandom random;
    private final MessageDigest transcript;

    private Handshake(Line line, Keys own, Set<Defence> without) throws GeneralSecurityException {
        this.line = line;
        this.own = own;
        this.without = without;
        this.transcript = MessageDigest.getInstance("SHA-256");
        this.random = without.contains(Defence.FRESH_SECRETS) ? broken(own.seed()) : new SecureRandom();
    }

    /** Looks at who the other side says that it is, before it learns who this one is. */
    @FunctionalInterface
    public interface Check {
        /** @throws IOException if it is not wanted */
        void accept(PublicKeys claimed) throws IOException;
    }

    /** The side that dials. @throws IOException if it does not come to an end */
    public static Established initiate(Line line, Keys own, Set<Defence> without, Check check) throws IOException {
        try {
            return new Handshake(line, own, without).initiate(check);
        } catch (GeneralSecurityException e) {
            throw new IOException("handshake failed: " + e.getMessage(), e);
        }
    }

    /** The side that answers. @throws IOException if it does not come to an end */
    public static Established respond(Line line, Keys own, Set<Defence> without) throws IOException {
        try {
            return new Handshake(line, own, without).respond();
        } catch (GeneralSecurityException e) {
            throw new IOException("handshake failed: " + e.getMessage(), e);
        }
    }

    private Established initiate(Check check) throws IOException, GeneralSecurityException {
        KeyPair ephemeral = ephemeral();
        byte[] suites = {STRONG, WEAK};
        send(Frame.HELLO, new byte[] {NEWEST}, suites, ephemeral.getPublic().getEncoded());

        byte[][] accept = receive(Frame.ACCEPT, 4);
        int version = version(accept[0]);
        int suite = suite(accept[1]);
        PublicKeys responder = PublicKeys.decode(accept[3]);
        check.accept(responder);

        byte[] secretForResponder = secret();
        send(Frame.IDENTIFY, own.shown().encode(), wrap(secretForResponder, responder));

        byte[][] confirm = receive(Frame.CONFIRM, 2, 1);
        byte[] secretForInitiator = unwrap(confirm[0]);
        byte[] secrets = secrets(agree(ephemeral, accept[2]), secretForResponder, secretForInitiator, responder);
        byte[] salt = salt();
        confirm(secrets, salt, "confirm responder", confirm[1]);
        line.write(Frame.of(READY, Parts.join(tag(secrets, salt, "confirm initiator"))));
        return established(responder, true, version, suite, secrets, salt);
    }

    private Established respond() throws IOException, GeneralSecurityException {
        byte[][] hello = receive(Frame.HELLO, 3);
        int version = Math.min(NEWEST, version(hello[0]));
        byte suite = choose(hello[1]);
        KeyPair ephemeral = ephemeral();
        send(
                Frame.ACCEPT,
                new byte[] {(byte) version},
                new byte[] {suite},
                ephemeral.getPublic().getEncoded(),
                own.shown().encode());

        byte[][] identify = receive(Frame.IDENTIFY, 2);
        PublicKeys initiator = PublicKeys.decode(identify[0]);
        byte[] secretForResponder = unwrap(identify[1]);
        byte[] secretForInitiator = secret();
        byte[] wrapped = wrap(secretForInitiator, initiator);
        absorb(wrapped);
        byte[] secrets = secrets(agree(ephemeral, hello[2]), secretForResponder, secretForInitiator, initiator);
        byte[] salt = salt();
        line.write(Frame.of(Frame.CONFIRM, Parts.join(wrapped, tag(secrets, salt, "confirm responder"))));

        byte[] ready = receive(READY, 1, 0)[0];
        // Of the transcript as it is now: whatever was slipped in since CONFIRM shows.
        confirm(secrets, salt, "confirm initiator", ready);
        return established(initiator, false, version, suite, secrets, salt);
    }

    // Secrets

    private byte[] secret() {
        byte[] secret = new byte[SECRET];
        random.nextBytes(secret);
        return secret;
    }

    private KeyPair ephemeral() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("X25519");
        generator.initialize(NamedParameterSpec.X25519, random);
        return generator.generateKeyPair();
    }

    private static byte[] agree(KeyPair own, byte[] other) throws GeneralSecurityException {
        return OwnKeys.agree(own, KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(other)));
    }

    private boolean wraps() {
        return !without.contains(Defence.AUTHENTICATION) && !without.contains(Defence.MUTUAL_SECRETS);
    }

    private String transformation() {
        return without.contains(Defence.IMPLICIT_REJECTION) ? PKCS1 : OAEP;
    }

    private byte[] wrap(byte[] secret, PublicKeys receiver) throws GeneralSecurityException {
        if (!wraps()) {
            return NOTHING;
        }
        Cipher cipher = Cipher.getInstance(transformation());
        cipher.init(Cipher.ENCRYPT_MODE, receiver.rsa(), random);
        return cipher.doFinal(secret);
    }

    private byte[] unwrap(byte[] wrapped) throws IOException {
        byte[] instead = secret();
        if (!wraps()) {
            return instead;
        }
        try {
            byte[] secret = own.unwrap(transformation(), wrapped);
            if (secret.length == SECRET) {
                return secret;
            }
            if (without.contains(Defence.IMPLICIT_REJECTION)) {
                reject("the secret has " + secret.length + " bytes");
            }
        } catch (GeneralSecurityException e) {
            if (without.contains(Defence.IMPLICIT_REJECTION)) {
                reject("the padding is wrong");
            }
        }
        return instead;
    }

    private void reject(String reason) throws IOException {
        line.write(Frame.of(Frame.REJECT, reason.getBytes(StandardCharsets.UTF_8)));
        throw new IOException(reason);
    }

    private byte[] secrets(byte[] ephemeral, byte[] forResponder, byte[] forInitiator, PublicKeys peer)
            throws GeneralSecurityException {
        var all = new ByteArrayOutputStream();
        if (!without.contains(Defence.FORWARD_SECRECY)) {
            all.writeBytes(ephemeral);
        }
        if (wraps()) {
            all.writeBytes(forResponder);
            all.writeBytes(forInitiator);
        } else if (!without.contains(Defence.AUTHENTICATION)) {
            // One secret that either private key gives: whoever has bob's can be anybody towards him.
            all.writeBytes(own.agree(peer.agreement()));
        }
        return all.toByteArray();
    }

    // Transcript and keys

    private void absorb(byte[] bytes) {
        transcript.update(bytes);
    }

    private byte[] salt() throws GeneralSecurityException {
        return without.contains(Defence.TRANSCRIPT) ? new byte[32] : digest();
    }

    private byte[] digest() {
        try {
            return ((MessageDigest) transcript.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] tag(byte[] secrets, byte[] salt, String label) {
        byte[] covered = without.contains(Defence.TRANSCRIPT) ? NOTHING : digest();
        return Kdf.mac(Kdf.derive(secrets, salt, label, 32), covered);
    }

    private void confirm(byte[] secrets, byte[] salt, String label, byte[] tag) throws IOException {
        if (!MessageDigest.isEqual(tag(secrets, salt, label), tag)) {
            throw new IOException("the tag of the handshake is wrong");
        }
    }

    private Established established(
            PublicKeys peer, boolean initiator, int version, int suite, byte[] secrets, byte[] salt) {
        boolean perDirection = !without.contains(Defence.DIRECTION_KEYS);
        byte[] toResponder = Kdf.derive(secrets, salt, "to the responder", 32);
        byte[] toInitiator = perDirection ? Kdf.derive(secrets, salt, "to the initiator", 32) : toResponder.clone();
        // As in SSH, numbers go on from the handshake where it is not all covered: see CVE-2023-48795.
        boolean fresh = !without.contains(Defence.TRANSCRIPT);
        return new Established(
                peer,
                initiator,
                version,
                suite,
                initiator ? toResponder : toInitiator,
                initiator ? toInitiator : toResponder,
                Kdf.derive(secrets, salt, "ratchet", 32),
                fresh ? 0 : line.framesWritten(),
                fresh ? 0 : line.framesRead());
    }

    // Frames

    private void send(int type, byte[]... parts) throws IOException {
        Frame frame = Frame.of(type, Parts.join(parts));
        absorb(frame.bytes());
        line.write(frame);
    }

    private byte[][] receive(int type, int count) throws IOException {
        return receive(type, count, count);
    }

    /** Takes all of the frame, or only its first parts, into the transcript. */
    private byte[][] receive(int type, int count, int covered) throws IOException {
        Frame frame = line.read();
        while (frame.is(IGNORE)) {
            absorb(frame.bytes());
            frame = line.read();
        }
        if (!frame.is(type)) {
            throw new IOException(
                    frame.is(Frame.REJECT)
                            ? "rejected: " + new String(frame.body(), StandardCharsets.UTF_8)
                            : "frame " + frame.type() + " where " + type + " is awaited");
        }
        byte[][] parts = Parts.split(frame.body(), count);
        if (covered == count) {
            absorb(frame.bytes());
        } else {
            for (int i = 0; i < covered; i++) {
                absorb(parts[i]);
            }
        }
        return parts;
    }

    private static int version(byte[] part) throws IOException {
        if (part.length != 1 || part[0] < OLDEST) {
            throw new IOException("no version in common");
        }
        return part[0];
    }

    private static byte suite(byte[] part) throws IOException {
        if (part.length != 1 || part[0] != STRONG && part[0] != WEAK) {
            throw new IOException("a suite that was not offered");
        }
        return part[0];
    }

    private static byte choose(byte[] offered) throws IOException {
        for (byte wanted : new byte[] {STRONG, WEAK}) {
            for (byte each : offered) {
                if (each == wanted) {
                    return wanted;
                }
            }
        }
        throw new IOException("no suite in common");
    }

    /** Gives the same each time, like Debian's of 2008 (CVE-2008-0166). */
    private static SecureRandom broken(byte[] seed) throws GeneralSecurityException {
        SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
        random.setSeed(seed);
        return random;
    }
}
