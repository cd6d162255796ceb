package dev.parley.node.trust;

import dev.parley.node.config.NamePattern;
import dev.parley.protocol.crypto.PeerId;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which chains let a peer in: RFC 5280 as the JDK's PKIX validator has it, and beyond it what this node asks of algorithms, usages
 * and names. Offline: nothing is fetched, neither certificates nor lists of revoked ones; revocation is {@link RevokedKeys}.
 * Immutable and thread-safe.
 */
final class ChainRules {

    private static final int CA_USAGE = 5;
    private static final int KEY_ENCIPHERMENT = 2;
    private static final int SAN_DNS = 2;
    private static final int SAN_URI = 6;
    private static final int NAMES_KEPT = 16;
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final Pattern DNS = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[!-~]{1,240}");

    private final Anchors anchors;
    private final List<NamePattern> allowed;

    /** @param allowed which names are let in; empty: all */
    ChainRules(Anchors anchors, List<NamePattern> allowed) {
        this.anchors = anchors;
        this.allowed = List.copyOf(allowed);
    }

    /**
     * Validates a chain: costs from a third of a millisecond to a few, most of it signatures.
     *
     * @param chain DER, the peer's own certificate first, each signed by the next; that the first is for the peer's key has been
     *     checked. A root at the end may be there or not.
     * @throws RefusedChainException if it lets nobody in at this moment
     */
    Certified validate(List<byte[]> chain, Instant now) throws RefusedChainException {
        List<X509Certificate> path = parse(chain);
        while (!path.isEmpty() && anchors.contains(path.getLast())) {
            path.removeLast();
        }
        if (anchors.isEmpty()) {
            throw new RefusedChainException("this node has no authority to trust");
        }
        if (path.isEmpty()) {
            throw new RefusedChainException(
                    chain.isEmpty() ? "it shows no certificate" : "its certificate is an authority's own");
        }
        checkLeaf(path.getFirst());
        for (X509Certificate each : path) {
            Optional<String> objection = Algorithms.objection(each);
            if (objection.isPresent()) {
                throw new RefusedChainException(what(each, path) + " " + objection.get());
            }
            checkTime(each, what(each, path), now);
            if (each != path.getFirst()) {
                checkPurposes(each, what(each, path));
            }
        }
        X509Certificate anchor = pkix(path, anchors.trustAnchors(), now);
        checkTime(anchor, "the authority's certificate", now);
        checkPathLength(anchor, path);
        checkNameConstraints(anchor, path, now);
        List<X509Certificate> all = new ArrayList<>(path);
        all.add(anchor);
        return new Certified(
                names(path.getFirst()),
                path.getFirst().getIssuerX500Principal().getName(),
                path.getFirst().getSerialNumber().toString(16),
                all.stream()
                        .map(each -> each.getNotBefore().toInstant())
                        .max(Instant::compareTo)
                        .orElseThrow(),
                all.stream()
                        .map(each -> each.getNotAfter().toInstant())
                        .min(Instant::compareTo)
                        .orElseThrow(),
                keys(all));
    }

    /**
     * Goes through a validation once, so that the classes of the validator and of the authorities' algorithms are there when the first
     * peer comes: loading them takes a hundred times as long as a validation. Blocks for some hundred milliseconds.
     *
     * @param chain of the node itself, which is like those of its peers; may be empty
     */
    void warmUp(List<byte[]> chain, Instant now) {
        try {
            for (TrustAnchor each : anchors.trustAnchors()) {
                X509Certificate authority = each.getTrustedCert();
                Algorithms.objection(authority);
                checkTime(authority, "", authority.getNotBefore().toInstant());
                pkix(
                        parse(List.of(authority.getEncoded())),
                        Set.of(each),
                        authority.getNotBefore().toInstant());
            }
            validate(chain, now);
        } catch (RefusedChainException | CertificateException notValid) {
            // No matter: nobody is let in by it, and what had to be loaded was, as far as it came.
            return;
        }
    }

    private static List<X509Certificate> parse(List<byte[]> chain) throws RefusedChainException {
        List<X509Certificate> path = new ArrayList<>();
        try {
            for (byte[] der : chain) {
                path.add(CertificatePem.parse(der));
            }
        } catch (CertificateException e) {
            throw new RefusedChainException("certificate " + (path.size() + 1) + " of its chain is damaged");
        }
        return path;
    }

    private static void checkLeaf(X509Certificate leaf) throws RefusedChainException {
        if (leaf.getBasicConstraints() >= 0) {
            throw new RefusedChainException("its certificate is an authority's, not a peer's");
        }
        boolean[] usage = leaf.getKeyUsage();
        if (usage != null && !usage[KEY_ENCIPHERMENT]) {
            throw new RefusedChainException("its certificate is not for key encipherment, which a session needs");
        }
        checkPurposes(leaf, "its certificate");
    }

    /** A node dials and is dialed: one that could do half of it would be found out on a bad day. */
    private static void checkPurposes(X509Certificate certificate, String what) throws RefusedChainException {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            if (purposes != null
                    && !purposes.contains(ANY_PURPOSE)
                    && !(purposes.contains(SERVER) && purposes.contains(CLIENT))) {
                throw new RefusedChainException(
                        what + " is not for both server and client authentication, as an extended key usage has to be");
            }
        } catch (CertificateParsingException e) {
            throw new RefusedChainException(what + " has a damaged extended key usage");
        }
    }

    private static void checkTime(X509Certificate certificate, String what, Instant now) throws RefusedChainException {
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new RefusedChainException(
                    what + " has expired at " + certificate.getNotAfter().toInstant());
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw new RefusedChainException(
                    what + " is not valid before " + certificate.getNotBefore().toInstant() + ": is a clock wrong?");
        }
    }

    private static X509Certificate pkix(List<X509Certificate> path, Set<TrustAnchor> anchors, Instant now)
            throws RefusedChainException {
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
            PKIXCertPathValidatorResult result = (PKIXCertPathValidatorResult)
                    CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
            return result.getTrustAnchor().getTrustedCert();
        } catch (CertPathValidatorException e) {
            throw new RefusedChainException(reason(e, path));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new RefusedChainException("its chain is damaged");
        }
    }

    /** The reason in words of ours: the library's would quote names that the peer has put there. */
    private static String reason(CertPathValidatorException refusal, List<X509Certificate> path) {
        String what = refusal.getIndex() >= 0 && refusal.getIndex() < path.size()
                ? what(path.get(refusal.getIndex()), path)
                : "its chain";
        return switch (String.valueOf(refusal.getReason())) {
            case "NO_TRUST_ANCHOR" -> "its chain does not lead to an authority that this node trusts";
            case "INVALID_SIGNATURE" -> what + " is not signed by the authority that it names";
            case "PATH_TOO_LONG" -> what + " may not have so many authorities below it";
            case "NOT_CA_CERT" -> what + " is no authority's, but has signed another";
            case "INVALID_KEY_USAGE" -> what + " is not for signing certificates, but has signed one";
            case "INVALID_NAME" -> what + " has a name that an authority above it may not give";
            case "NAME_CHAINING" -> "its chain is not in order: each has to be signed by the next";
            case "UNRECOGNIZED_CRIT_EXT" -> what + " has a critical extension that this node does not know";
            case "ALGORITHM_CONSTRAINED" -> what + " uses an algorithm that is not accepted";
            default -> what + " is not valid (" + refusal.getReason() + ")";
        };
    }

    /** The validator takes no notice of the anchor's own limit (RFC 5280 section 6.2 leaves that to us). */
    private static void checkPathLength(X509Certificate anchor, List<X509Certificate> path)
            throws RefusedChainException {
        long authorities = path.stream()
                .skip(1)
                .filter(each -> !each.getSubjectX500Principal().equals(each.getIssuerX500Principal()))
                .count();
        if (authorities > anchor.getBasicConstraints()) {
            throw new RefusedChainException("the authority may not have so many authorities below it");
        }
    }

    /** Nor of the names that it may give: with the root as part of the path it does, and the root's own key vouches for that. */
    private static void checkNameConstraints(X509Certificate anchor, List<X509Certificate> path, Instant now)
            throws RefusedChainException {
        if (Anchors.constrainsNames(anchor)) {
            List<X509Certificate> withRoot = new ArrayList<>(path);
            withRoot.add(anchor);
            pkix(withRoot, Set.of(new TrustAnchor(anchor, null)), now);
        }
    }

    private List<String> names(X509Certificate leaf) throws RefusedChainException {
        List<String> usable = new ArrayList<>();
        try {
            Collection<List<?>> all = leaf.getSubjectAlternativeNames();
            for (List<?> each : all == null ? List.<List<?>>of() : all) {
                int type = (Integer) each.get(0);
                boolean named = type == SAN_DNS
                                && DNS.matcher((String) each.get(1)).matches()
                        || type == SAN_URI && URI.matcher((String) each.get(1)).matches();
                if (named) {
                    usable.add((String) each.get(1));
                }
            }
        } catch (CertificateParsingException e) {
            throw new RefusedChainException("its certificate has damaged names");
        }
        if (usable.isEmpty()) {
            throw new RefusedChainException("its certificate names nobody: it has no DNS name and no URI");
        }
        List<String> fitting = usable.stream()
                .filter(name -> allowed.isEmpty() || allowed.stream().anyMatch(pattern -> pattern.matches(name)))
                .limit(NAMES_KEPT)
                .toList();
        if (fitting.isEmpty()) {
            throw new RefusedChainException("no name in its certificate is one that parley.trust.ca.names lets in");
        }
        return fitting;
    }

    private static Set<PeerId> keys(List<X509Certificate> certificates) {
        Set<PeerId> keys = new HashSet<>();
        certificates.forEach(each -> keys.add(RevokedKeys.id(each.getPublicKey())));
        return keys;
    }

    private static String what(X509Certificate certificate, List<X509Certificate> path) {
        int place = path.indexOf(certificate);
        return place == 0 ? "its certificate" : "certificate " + (place + 1) + " of its chain";
    }

    /** Whether a certificate may sign others. */
    static boolean isAuthority(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() >= 0 && (usage == null || usage[CA_USAGE]);
    }
}
