package dev.parley.node.control;

import dev.parley.protocol.crypto.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the start of the node does with the identity key on behalf of the operator; there is one bean of this type. Blocks. */
public interface IdentityKeeper {
    /**
     * Where the identity comes from and goes to.
     *
     * @param previous whose key named the present one, and until when peers accept that
     * @param next whose key takes its place at the next start
     */
    record Course(Optional<PeerId> previous, Optional<Instant> graceEnd, Optional<PeerId> next) {}

    /** What is prepared in vain, or missing, for what was asked; the message says what to do. */
    final class StateException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String hint;

        public StateException(String message) {
            this(message, null);
        }

        /** @param hint what to do instead */
        public StateException(String message, String hint) {
            super(message);
            this.hint = hint;
        }

        String hint() {
            return hint;
        }
    }

    Course course();

    /** Makes the next key. @throws StateException if one is prepared already, or the present one is from a file that is only read */
    PeerId rotate(Duration grace) throws IOException;

    /** Destroys the next key before it takes effect. @throws StateException if none is prepared */
    PeerId cancel() throws IOException;

    /** The key under a passphrase, PEM. @param passphrase wiped */
    String export(char[] passphrase);

    /**
     * Has a key that was exported take effect at the next start.
     *
     * @param passphrase wiped
     * @param replace whether the present one may be replaced
     * @throws IllegalArgumentException that says why the file does not open
     * @throws StateException if it may not, one is prepared already, or the present one is from a file that is only read
     */
    PeerId importKey(String pem, char[] passphrase, boolean replace) throws IOException;
}
