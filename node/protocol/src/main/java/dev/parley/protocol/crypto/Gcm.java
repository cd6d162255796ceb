package dev.parley.protocol.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** A256GCM: nonce {@code u32(0) | u64(n)}, tag of 16 bytes at the end. */
final class Gcm extends Aead {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private Cipher cipher;
    private RawKey key;

    Gcm(Secret key, Crypto crypto) throws GeneralSecurityException {
        super(Suite.A256GCM, key);
        this.key = new RawKey(key.reveal(), "AES");
        this.cipher = crypto.cipher("AES/GCM/NoPadding");
    }

    @Override
    void doSeal(long n, byte[] ad, byte[] plaintext, int offset, int length, byte[] out, int outOffset)
            throws GeneralSecurityException {
        init(Cipher.ENCRYPT_MODE, n, ad);
        cipher.doFinal(plaintext, offset, length, out, outOffset);
    }

    @Override
    byte[] doOpen(long n, byte[] ad, byte[] sealed, int offset, int length) throws GeneralSecurityException {
        init(Cipher.DECRYPT_MODE, n, ad);
        return cipher.doFinal(sealed, offset, length);
    }

    @Override
    void forget() {
        cipher = null;
        key = null;
    }

    private void init(int mode, long n, byte[] ad) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE).putInt(0).putLong(n).array();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(ad);
    }
}
