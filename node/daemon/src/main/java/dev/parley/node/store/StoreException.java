package dev.parley.node.store;

/** The store could not do what was asked. Nothing of it was done. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line for people; holds nothing of what is stored */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The disk is full, or cannot be written: it may work again later. */
    public static final class Full extends StoreException {
        private static final long serialVersionUID = 1L;

        Full(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What is on the disk cannot be used: it is damaged, of a newer version, or another node's. */
    public static final class Unusable extends StoreException {
        private static final long serialVersionUID = 1L;

        Unusable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
