package dev.parley.admin;

/**
 * A certificate request (PKCS#10) for the node's identity key, which has signed it.
 *
 * @param peerId whose key it is
 * @param pem the request
 */
public record CsrReply(String peerId, String pem) {}
