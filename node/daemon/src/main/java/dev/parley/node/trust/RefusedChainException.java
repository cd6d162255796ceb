package dev.parley.node.trust;

/** A chain of certificates lets nobody in; the message says why, in words of this node. */
final class RefusedChainException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedChainException(String message) {
        super(message);
    }
}
