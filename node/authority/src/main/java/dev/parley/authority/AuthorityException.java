package dev.parley.authority;

/** What was asked of an authority cannot be done; the message says in one line what was wrong. */
public final class AuthorityException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** A file is missing, damaged, or not what it has to be. */
        BAD_INPUT,
        /** The passphrase is missing or wrong. */
        PASSPHRASE,
        /** There is something already. */
        EXISTS,
        /** The authority does not do this: the key is revoked, say. */
        REFUSED
    }

    private final Kind kind;

    AuthorityException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    static AuthorityException bad(String message) {
        return new AuthorityException(Kind.BAD_INPUT, message);
    }

    public Kind kind() {
        return kind;
    }
}
