package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IdentityInfo(
        String peerId,
        String name,
        String advertise,
        String algorithm,
        int bits,
        String publicKeyPem,
        String safetyText) {}
