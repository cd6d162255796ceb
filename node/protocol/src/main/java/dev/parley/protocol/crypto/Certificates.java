package dev.parley.protocol.crypto;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;

/** The one check of certificates that is the protocol's; everything else about them is the trust's. */
public final class Certificates {
    private Certificates() {}

    /**
     * Says whether an identity carries no certificate, or the first is one for exactly its key. Parses foreign DER: to be
     * called only once the peer is authenticated.
     */
    public static boolean fitKey(Identity identity) {
        if (identity.chain().isEmpty()) {
            return true;
        }
        byte[] der = identity.chain().getFirst();
        try {
            Certificate certificate =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            // The factory also reads PEM and leaves a tail unread: only the certificate itself, in DER, will do.
            return Arrays.equals(certificate.getEncoded(), der)
                    && Arrays.equals(
                            certificate.getPublicKey().getEncoded(),
                            identity.publicKey().getEncoded());
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
