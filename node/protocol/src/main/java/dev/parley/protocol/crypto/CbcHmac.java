package dev.parley.protocol.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;

/**
 * A256CBC-HS512, RFC 7518 section 5.2.5, output {@code IV(16) | ciphertext | tag(32)}; its AAD is {@code ad | u64(n)}.
 * Nothing is decrypted before the tag was found right, so that no padding oracle exists.
 */
final class CbcHmac extends Aead {
    private static final int HALF = 32;
    private static final int BLOCK = 16;
    private static final int IV = 16;
    private static final int TAG = 32;

    private final SecureRandom random;
    private final Secret encryptionKey;
    private RawKey key;
    private Cipher cipher;
    private Mac mac;

    CbcHmac(Secret key, Crypto crypto, SecureRandom random) throws GeneralSecurityException {
        super(Suite.A256CBC_HS512, key);
        this.random = random;
        this.encryptionKey = Secret.own(Arrays.copyOfRange(key.reveal(), HALF, 2 * HALF));
        this.key = new RawKey(encryptionKey.reveal(), "AES");
        this.cipher = crypto.cipher("AES/CBC/PKCS5Padding");
        this.mac = crypto.mac("HmacSHA512");
        try (Secret macKey = Secret.own(Arrays.copyOf(key.reveal(), HALF))) {
            mac.init(new RawKey(macKey.reveal(), "HmacSHA512"));
        }
    }

    @Override
    void doSeal(long n, byte[] ad, byte[] plaintext, int offset, int length, byte[] out, int outOffset)
            throws GeneralSecurityException {
        byte[] iv = new byte[IV];
        random.nextBytes(iv);
        System.arraycopy(iv, 0, out, outOffset, IV);
        cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
        int sealed = IV + cipher.doFinal(plaintext, offset, length, out, outOffset + IV);
        System.arraycopy(tag(n, ad, out, outOffset, sealed), 0, out, outOffset + sealed, TAG);
    }

    @Override
    byte[] doOpen(long n, byte[] ad, byte[] sealed, int offset, int length)
            throws GeneralSecurityException, CryptoException {
        int authenticated = length - TAG;
        if (authenticated < IV + BLOCK || authenticated % BLOCK != 0) {
            throw new CryptoException();
        }
        byte[] tag = Arrays.copyOfRange(sealed, offset + authenticated, offset + length);
        if (!MessageDigest.isEqual(tag, tag(n, ad, sealed, offset, authenticated))) {
            throw new CryptoException();
        }
        cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(sealed, offset, IV));
        return cipher.doFinal(sealed, offset + IV, authenticated - IV);
    }

    @Override
    void forget() {
        encryptionKey.close();
        cipher = null;
        mac = null;
        key = null;
    }

    private byte[] tag(long n, byte[] ad, byte[] data, int offset, int length) {
        byte[] counter = ByteBuffer.allocate(Long.BYTES).putLong(n).array();
        mac.update(ad);
        mac.update(counter);
        mac.update(data, offset, length);
        long adBits = (long) (ad.length + counter.length) * Byte.SIZE;
        mac.update(ByteBuffer.allocate(Long.BYTES).putLong(adBits).array());
        return Arrays.copyOf(mac.doFinal(), TAG);
    }
}
