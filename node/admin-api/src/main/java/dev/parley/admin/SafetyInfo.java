package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * {@code GET /v1/peers/{ref}/safety}: what this node's operator and the peer's compare over another channel; both see the same.
 *
 * @param peerId the peer's
 * @param ownPeerId this node's
 * @param alias our name for the peer; absent when it has none
 * @param number 60 digits
 * @param words six words of 2,048 each
 * @param uri what the QR code holds: both ids, the smaller first
 * @param verified whether the peer is verified already
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SafetyInfo(
        String peerId,
        String ownPeerId,
        String alias,
        String number,
        List<String> words,
        String uri,
        boolean verified) {}
