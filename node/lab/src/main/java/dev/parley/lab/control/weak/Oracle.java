package dev.parley.lab.control.weak;

import dev.parley.lab.Defence;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * A peer that takes secrets wrapped with RSA-OAEP, with a short key so that an attack takes a second. Without implicit rejection it
 * says what was wrong with a wrap, as PKCS #1 version 2.0 had it: an integer too large for the encoding, or a decoding error.
 */
public final class Oracle implements AutoCloseable {
    /** The defences that it can do without. */
    public static final Set<Defence> SWITCHES = Set.of(Defence.IMPLICIT_REJECTION);

    /** What it answers to a wrap that was good, or that it does not want to say anything about. */
    public static final int TAKEN = 0;

    public static final int TOO_LARGE = 1;
    public static final int DECODING_ERROR = 2;

    private static final int BITS = 1_024;
    private static final OAEPParameterSpec OAEP =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private final boolean implicit;
    private final KeyPair key;
    private final ServerSocket server;
    private final byte[] secret = new byte[32];

    private Oracle(boolean implicit, KeyPair key, ServerSocket server) {
        this.implicit = implicit;
        this.key = key;
        this.server = server;
        new SecureRandom().nextBytes(secret);
    }

    /** @param without what it does without */
    public static Oracle open(Set<Defence> without) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(BITS);
        Oracle oracle = new Oracle(
                !without.contains(Defence.IMPLICIT_REJECTION),
                generator.generateKeyPair(),
                new ServerSocket(0, 16, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("oracle").start(oracle::accept);
        return oracle;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    public RSAPublicKey publicKey() {
        return (RSAPublicKey) key.getPublic();
    }

    /** A wrap that an honest peer has sent, as it was seen on the wire. */
    public byte[] recorded() throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key.getPublic(), OAEP);
        return cipher.doFinal(secret);
    }

    /** Whether that is what the honest peer had wrapped. */
    public boolean isSecret(byte[] guess) {
        return Arrays.equals(secret, guess);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                Thread.ofVirtual().start(() -> serve(caller));
            } catch (IOException e) {
                // Closed: the loop's condition ends it.
            }
        }
    }

    /** Wraps, each as long as the modulus; a byte for each. */
    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] wrap = new byte[BITS / Byte.SIZE];
            while (true) {
                in.readFully(wrap);
                int outcome = unwrap(wrap);
                socket.getOutputStream().write(implicit ? TAKEN : outcome);
            }
        } catch (IOException e) {
            // The caller is gone.
        }
    }

    private int unwrap(byte[] wrap) {
        if (isTooLarge(wrap)) {
            return TOO_LARGE;
        }
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(Cipher.DECRYPT_MODE, key.getPrivate(), OAEP);
            cipher.doFinal(wrap);
            return TAKEN;
        } catch (GeneralSecurityException e) {
            return DECODING_ERROR;
        }
    }

    /** Whether the first byte of what is encoded is not zero: the test that is made before the decoding proper. */
    private boolean isTooLarge(byte[] wrap) {
        RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) key.getPrivate();
        BigInteger cipher = new BigInteger(1, wrap);
        BigInteger p = cipher.mod(rsa.getPrimeP()).modPow(rsa.getPrimeExponentP(), rsa.getPrimeP());
        BigInteger q = cipher.mod(rsa.getPrimeQ()).modPow(rsa.getPrimeExponentQ(), rsa.getPrimeQ());
        BigInteger h = p.subtract(q).multiply(rsa.getCrtCoefficient()).mod(rsa.getPrimeP());
        return q.add(h.multiply(rsa.getPrimeQ())).bitLength() > BITS - Byte.SIZE;
    }
}
