package dev.parley.node.trust;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;
import java.util.Set;

/** Which keys and signatures of certificates count: RSA from 2048 bits, ECDSA from P-256, EdDSA; with SHA-2 and nothing older. */
final class Algorithms {

    private static final int RSA_LEAST = 2_048;
    private static final int RSA_MOST = 8_192;
    private static final Set<Integer> CURVES = Set.of(256, 384, 521);
    private static final Set<String> DIGESTS = Set.of("SHA-256", "SHA-384", "SHA-512");
    private static final String RSA_PSS = "1.2.840.113549.1.1.10";

    private static final Set<String> SIGNATURES = Set.of(
            // sha256, sha384 and sha512WithRSAEncryption (RFC 4055)
            "1.2.840.113549.1.1.11",
            "1.2.840.113549.1.1.12",
            "1.2.840.113549.1.1.13",
            // ecdsa-with-SHA256, SHA384 and SHA512 (RFC 5758)
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
            // Ed25519, Ed448 (RFC 8410)
            "1.3.101.112",
            "1.3.101.113");

    private Algorithms() {}

    /** Why a certificate's key or signature does not count, or empty. */
    static Optional<String> objection(X509Certificate certificate) {
        if (!SIGNATURES.contains(certificate.getSigAlgOID()) && !isGoodPss(certificate)) {
            return Optional.of("is signed with " + certificate.getSigAlgName() + ", which is not accepted");
        }
        return keyObjection(certificate.getPublicKey());
    }

    static Optional<String> keyObjection(PublicKey key) {
        boolean good = switch (key) {
            case RSAPublicKey rsa ->
                rsa.getModulus().bitLength() >= RSA_LEAST && rsa.getModulus().bitLength() <= RSA_MOST;
            case ECPublicKey ec ->
                CURVES.contains(ec.getParams().getCurve().getField().getFieldSize());
            case EdECPublicKey edwards -> true;
            default -> false;
        };
        return good ? Optional.empty() : Optional.of("has a " + key.getAlgorithm() + " key that is not accepted");
    }

    private static boolean isGoodPss(X509Certificate certificate) {
        if (!certificate.getSigAlgOID().equals(RSA_PSS) || certificate.getSigAlgParams() == null) {
            return false;
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(certificate.getSigAlgParams());
            PSSParameterSpec pss = parameters.getParameterSpec(PSSParameterSpec.class);
            return DIGESTS.contains(pss.getDigestAlgorithm())
                    && pss.getMGFParameters() instanceof MGF1ParameterSpec mask
                    && DIGESTS.contains(mask.getDigestAlgorithm());
        } catch (GeneralSecurityException | java.io.IOException e) {
            return false;
        }
    }
}
