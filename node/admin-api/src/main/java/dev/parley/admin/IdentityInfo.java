package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * {@code GET /v1/identity}: what this node's operator gives to others.
 *
 * @param peerId 52 characters of base32: SHA-256 of the public key
 * @param name the display name that peers see
 * @param advertise {@code host:port} that peers are told to dial; absent when none is set
 * @param algorithm {@code RSA}
 * @param bits length of the modulus, 2048 to 4096
 * @param publicKeyPem the SubjectPublicKeyInfo as PEM
 * @param safetyText the PeerId in thirteen groups of four, for reading aloud
 * @param previousPeerId this node's id before its key was rotated; absent where it was not
 * @param graceEnd until when peers accept the present key as the successor of the one before; absent with that
 * @param nextPeerId this node's id from its next start on; absent where no other key is prepared
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IdentityInfo(
        String peerId,
        String name,
        String advertise,
        String algorithm,
        int bits,
        String publicKeyPem,
        String safetyText,
        String previousPeerId,
        Instant graceEnd,
        String nextPeerId) {}
