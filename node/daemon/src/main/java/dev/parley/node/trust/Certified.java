package dev.parley.node.trust;

import dev.parley.protocol.crypto.PeerId;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a valid chain says of its holder.
 *
 * @param names DNS names and URIs in the certificate that are let in, at least one
 * @param issuer who signed it, as text
 * @param serial its number in hexadecimal
 * @param notBefore from when on all of the path is valid, the anchor too
 * @param notAfter until when
 * @param keys all keys of the path: the holder's, the intermediates', the anchor's
 */
record Certified(
        List<String> names, String issuer, String serial, Instant notBefore, Instant notAfter, Set<PeerId> keys) {

    Certified {
        names = List.copyOf(names);
        keys = Set.copyOf(keys);
    }
}
