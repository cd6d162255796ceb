package dev.parley.node.trust;

/** A file of certificates or keys is not what it has to be; the message says in one line what is wrong with it. */
final class BadFileException extends Exception {

    private static final long serialVersionUID = 1L;

    BadFileException(String message) {
        super(message);
    }
}
