package dev.parley.authority;

import java.time.Instant;
import java.util.List;

/**
 * A certificate that an authority has issued.
 *
 * @param serial in hexadecimal
 * @param peerId whose key it is for
 * @param names in the certificate
 * @param revoked whether the key is on the authority's list of revoked ones
 * @param pem the certificate
 */
public record Issued(
        String serial,
        String peerId,
        List<String> names,
        Instant notBefore,
        Instant notAfter,
        boolean revoked,
        String pem) {}
