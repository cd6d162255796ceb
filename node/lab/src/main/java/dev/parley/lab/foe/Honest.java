package dev.parley.lab.foe;

import dev.parley.evidence.Allowance;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * A stranger that shakes hands in good order and goes: the node has to prove who it is, whether it lets the stranger in or not. One
 * key for all its calls, so that it takes one place among those that await approval.
 */
public final class Honest {
    /** The second octet of its addresses. */
    private static final int NUMBER = 100;

    private final IdentityKey key = Guest.newKey();

    /** Who answered, proved by a handshake. */
    public static final class Met {
        private final Identity identity;

        private Met(Identity identity) {
            this.identity = identity;
        }

        /** 52 characters of base32. */
        public String peerId() {
            return identity.peerId().toString();
        }

        /** SubjectPublicKeyInfo, DER. */
        public byte[] publicKey() {
            return identity.publicKey().getEncoded();
        }

        /**
         * Whether this node has agreed to be attacked now.
         *
         * @param token of {@code parley attack allow}
         * @throws IllegalArgumentException if not; says why
         */
        public void hasAgreed(String token, Instant now) {
            Allowance allowance = Allowance.parse(token);
            if (now.isAfter(allowance.until())) {
                throw new IllegalArgumentException("the token was good until " + allowance.until());
            }
            if (!allowance.peer().equals(identity.peerId())) {
                throw new IllegalArgumentException(
                        "the token is of " + allowance.peer() + ", and at that address is " + peerId());
            }
            if (!allowance.signedBy(identity.publicKey())) {
                throw new IllegalArgumentException("the token is not signed by the node at that address");
            }
        }
    }

    /** @throws IOException if there is nobody, or who is there does not finish the handshake */
    public Met greet(InetSocketAddress address) throws IOException {
        try (Guest guest = Guest.join(address, Source.fresh(NUMBER), key, "lab")) {
            return new Met(guest.host());
        }
    }
}
