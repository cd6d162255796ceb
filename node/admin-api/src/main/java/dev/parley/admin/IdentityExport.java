package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * {@code POST /v1/identity/export}.
 *
 * @param peerId whose key it is
 * @param pem the private key, PKCS#8 encrypted with PBES2 (scrypt, AES-256-CBC), and its certificates
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IdentityExport(String peerId, String pem) {
    /** Says nothing of the key. */
    @Override
    public String toString() {
        return "IdentityExport[" + peerId + "]";
    }
}
