package dev.parley.lab.control;

import java.util.Arrays;

/**
 * What a handshake ends with.
 *
 * @param peer who the other side has shown to be, or says that it is where nothing is proved
 * @param initiator whether this side dialed
 * @param version and suite: what both agreed on
 * @param out the secret of what this side sends; {@code in} of what it receives; {@code ratchet} of the next ones
 * @param nOut the number of the first record out; {@code nIn} of the first in
 */
public record Established(
        PublicKeys peer,
        boolean initiator,
        int version,
        int suite,
        byte[] out,
        byte[] in,
        byte[] ratchet,
        long nOut,
        long nIn) {
    /** Whether both sides hold the same secrets. */
    public boolean mirrors(Established other) {
        return Arrays.equals(out, other.in) && Arrays.equals(in, other.out);
    }

    @Override
    public String toString() {
        return "session with " + peer + ", version " + version + ", suite " + suite;
    }
}
