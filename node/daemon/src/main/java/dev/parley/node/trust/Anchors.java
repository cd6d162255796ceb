package dev.parley.node.trust;

import java.security.GeneralSecurityException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The authorities that are trusted; immutable. */
final class Anchors {

    static final Anchors NONE = new Anchors(List.of(), Set.of());

    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    private final List<X509Certificate> certificates;
    private final Set<TrustAnchor> trustAnchors;

    private Anchors(List<X509Certificate> certificates, Set<TrustAnchor> trustAnchors) {
        this.certificates = List.copyOf(certificates);
        this.trustAnchors = Set.copyOf(trustAnchors);
    }

    /** @throws BadFileException if anything in the file is not an authority's certificate that can be trusted */
    static Anchors parse(byte[] pem) throws BadFileException {
        List<X509Certificate> certificates = CertificatePem.read(pem);
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate each : certificates) {
            String which = "certificate " + (certificates.indexOf(each) + 1);
            if (!ChainRules.isAuthority(each)) {
                throw new BadFileException("holds a certificate that is no authority's: " + which);
            }
            Optional<String> objection = Algorithms.keyObjection(each.getPublicKey());
            if (objection.isPresent()) {
                throw new BadFileException(which + " in it " + objection.get());
            }
            if (constrainsNames(each) && !isRoot(each)) {
                throw new BadFileException(
                        which + " in it may give only some names and is no root: put the root above it there instead");
            }
            anchors.add(new TrustAnchor(each, null));
        }
        return new Anchors(certificates, anchors);
    }

    boolean isEmpty() {
        return certificates.isEmpty();
    }

    int size() {
        return certificates.size();
    }

    List<String> keys() {
        return certificates.stream()
                .map(each -> RevokedKeys.id(each.getPublicKey()).toString())
                .toList();
    }

    Set<TrustAnchor> trustAnchors() {
        return trustAnchors;
    }

    /** Whether a certificate is one of an anchor's key and name, so that a path need not hold it. */
    boolean contains(X509Certificate certificate) {
        return certificates.stream()
                .anyMatch(each -> each.getSubjectX500Principal().equals(certificate.getSubjectX500Principal())
                        && each.getPublicKey().equals(certificate.getPublicKey()));
    }

    /** Whether an authority may give only some names. */
    static boolean constrainsNames(X509Certificate certificate) {
        return certificate.getExtensionValue(NAME_CONSTRAINTS) != null;
    }

    private static boolean isRoot(X509Certificate certificate) {
        try {
            certificate.verify(certificate.getPublicKey());
            return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
