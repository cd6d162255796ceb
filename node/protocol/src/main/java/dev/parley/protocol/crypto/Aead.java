package dev.parley.protocol.crypto;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/**
 * Seal and Open of one {@link Suite} under one key. Confined to one thread; its ciphers are kept, because making them
 * costs more than sealing.
 *
 * <p>No counter lives here: the caller sees to it that no n is used twice for sealing under one key.
 */
public abstract sealed class Aead implements AutoCloseable permits CbcHmac, Gcm {
    private final Suite suite;
    private Secret key;

    Aead(Suite suite, Secret key) {
        if (key.reveal().length != suite.keyLength()) {
            throw new IllegalArgumentException("key of another length");
        }
        this.suite = suite;
        this.key = key;
    }

    /** Takes the key over: it is wiped on close. */
    public static Aead of(Suite suite, Secret key, Crypto crypto, SecureRandom random) {
        try {
            return switch (suite) {
                case A256CBC_HS512 -> new CbcHmac(key, crypto, random);
                case A256GCM -> new Gcm(key, crypto);
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks a cipher of " + suite, e);
        }
    }

    /** Returns which suite this is. */
    public final Suite suite() {
        return suite;
    }

    /**
     * Seals {@code length} bytes of {@code plaintext} into {@code out} at {@code outOffset}, where
     * {@code suite().sealedLength(length)} bytes are free.
     *
     * @param n unsigned
     */
    public final void seal(long n, byte[] ad, byte[] plaintext, int offset, int length, byte[] out, int outOffset) {
        requireOpen();
        try {
            doSeal(n, ad, plaintext, offset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    /** Seals all of {@code plaintext}. */
    public final byte[] seal(long n, byte[] ad, byte[] plaintext) {
        byte[] out = new byte[suite.sealedLength(plaintext.length)];
        seal(n, ad, plaintext, 0, plaintext.length, out, 0);
        return out;
    }

    /** Opens {@code length} bytes at {@code offset}; throws unless all of it, n and ad are what was sealed. */
    public final byte[] open(long n, byte[] ad, byte[] sealed, int offset, int length) throws CryptoException {
        requireOpen();
        try {
            return doOpen(n, ad, sealed, offset, length);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new CryptoException();
        }
    }

    /** Opens all of {@code sealed}. */
    public final byte[] open(long n, byte[] ad, byte[] sealed) throws CryptoException {
        return open(n, ad, sealed, 0, sealed.length);
    }

    /** Wipes the key; a second time does nothing. */
    @Override
    public final void close() {
        if (key != null) {
            key.close();
            key = null;
            forget();
        }
    }

    abstract void doSeal(long n, byte[] ad, byte[] plaintext, int offset, int length, byte[] out, int outOffset)
            throws GeneralSecurityException;

    abstract byte[] doOpen(long n, byte[] ad, byte[] sealed, int offset, int length)
            throws GeneralSecurityException, CryptoException;

    /** Drops the ciphers, which hold copies of the key that cannot be wiped. */
    abstract void forget();

    private void requireOpen() {
        if (key == null) {
            throw new IllegalStateException("key is wiped");
        }
    }
}
