package dev.parley.protocol.crypto;

/** Something did not open, or a key or ciphertext failed its checks. Says nothing more, on purpose. */
public final class CryptoException extends Exception {
    private static final long serialVersionUID = 1L;

    CryptoException() {
        // Neither a cause nor a stack trace: libraries' texts must not travel, and hostile input must be cheap.
        super("cryptographic failure", null, false, false);
    }
}
