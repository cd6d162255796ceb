package dev.parley.lab;

/** One line of defence. The lab's control can do without any one of them; Parley has no such switch. */
public enum Defence {
    ENCRYPTION_WITH_IV("every record is enciphered under its own nonce, never block by block"),
    INTEGRITY("a tag over each record, checked before anything is decrypted"),
    UNIFORM_FAILURE("a record that does not open ends the session without an answer, whatever was wrong with it"),
    SEQUENCE_NUMBERS("the number of a record is part of what its tag covers"),
    DIRECTION_KEYS("each direction has keys of its own"),
    TRANSCRIPT("the keys depend on every byte of the handshake"),
    FRESH_SECRETS("both sides contribute a fresh secret to each session"),
    AUTHENTICATION("only the holder of the private key can finish a handshake"),
    PINNING("a known peer is known by its key, and another key is refused"),
    MUTUAL_SECRETS("a secret wrapped under each side's key: one stolen key impersonates only its owner"),
    FORWARD_SECRECY("an ephemeral secret enters every session, and is erased"),
    RATCHET("the keys of a running session are replaced and erased"),
    IMPLICIT_REJECTION("a wrap that does not open looks like one that does, until the next tag fails"),
    EXPLICIT_CLOSE("the end of a session is said inside it"),
    DELIVERY_IDS("a message is known by its sender and id, and delivered once"),
    DURABLE_OUTBOX("a message is kept until it is acknowledged"),
    DEADLINES("a handshake that does not come on is given up"),
    CAPS("how much one address, and all, may take up is bounded"),
    LENGTH_LIMITS("a length is checked before anything is made of its size"),
    APPROVAL("who is not known, or is blocked, gets nothing"),
    REVOCATION(
            "a key that is revoked, or whose certificate has expired, is let in no longer, and its live sessions end"),
    SAFE_FILE_NAMES("a peer's file name is a suggestion, and never a path"),
    CONTENT_HASH("a file is kept only with the hash that was offered"),
    QUOTAS("what one peer may leave with a node is bounded"),
    SEALED_STORE("what is stored is enciphered under a key that the disk alone does not give"),
    SEALED_LOG("lines of the log are chained and signed with keys that are erased"),
    WITNESSES("peers keep signed heads of each other's logs"),
    ADMIN_PERMISSIONS("the admin socket asks the kernel who calls, and serves whom a table names"),
    DUPLICATE_DETECTION("two live nodes with one identity are noticed by their peers");

    private final String means;

    Defence(String means) {
        this.means = means;
    }

    /** What it is, a phrase. */
    public String means() {
        return means;
    }
}
