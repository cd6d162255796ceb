package dev.parley.authority;

import dev.parley.authority.AuthorityException.Kind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509ExtensionUtils;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A certificate authority in a directory: {@code ca.crt} and {@code revoked.txt}, which every node is given, {@code ca.key}, which
 * stays here, and {@code issued/}. It signs peers' certificates itself and has no authority below it.
 */
public final class Authority {

    static final String KEY = "ca.key";
    static final String CERTIFICATE = "ca.crt";
    static final String REVOKED = "revoked.txt";
    static final String ISSUED = "issued";

    private static final int SERIAL_BITS = 127;
    private static final int COMMON_NAME = 64;
    /** Clocks differ: a certificate may be used before the authority's own clock says that it was made. */
    private static final Duration EARLIER = Duration.ofMinutes(5);

    private final Folder folder;
    private final X509CertificateHolder certificate;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** What an authority's key can be. */
    public enum Algorithm {
        EC_P256("SHA256withECDSA"),
        RSA_3072("SHA256withRSA");

        private final String signature;

        Algorithm(String signature) {
            this.signature = signature;
        }
    }

    private Authority(Folder folder, X509CertificateHolder certificate, Clock clock) {
        this.folder = folder;
        this.certificate = certificate;
        this.clock = clock;
    }

    /**
     * Makes a new authority.
     *
     * @param name what it is called, 1 to 64 characters
     * @param life how long its certificate is valid
     * @param passphrase of its key; empty leaves that unencrypted
     * @throws AuthorityException if there is one in the directory already, or others can read that
     */
    public static Authority create(
            Path directory, String name, Duration life, Algorithm algorithm, Optional<char[]> passphrase, Clock clock)
            throws IOException, AuthorityException {
        if (name.isBlank() || name.length() > COMMON_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw AuthorityException.bad("an authority's name has 1 to 64 characters");
        }
        Folder folder = Folder.create(directory);
        SecureRandom random = new SecureRandom();
        KeyPair pair = generate(algorithm, random);
        X500Name subject =
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
        SubjectPublicKeyInfo spki =
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                subject, serial(random), Date.from(now.minus(EARLIER)), Date.from(now.plus(life)), subject, spki);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        X509ExtensionUtils utils = utils();
        builder.addExtension(Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(spki));
        builder.addExtension(Extension.authorityKeyIdentifier, false, utils.createAuthorityKeyIdentifier(spki));
        X509CertificateHolder certificate = sign(builder, pair.getPrivate(), algorithm.signature);
        try (var _ = folder.lock()) {
            folder.writePrivate(KEY, KeyFile.write(pair.getPrivate(), passphrase, random));
            folder.writePublic(REVOKED, RevokedList.empty());
            // Last: an authority is there once this is.
            folder.writePublic(CERTIFICATE, Pem.write("CERTIFICATE", certificate.getEncoded()));
        }
        return new Authority(folder, certificate, clock);
    }

    /** Opens one; its key is not touched. */
    public static Authority open(Path directory, Clock clock) throws IOException, AuthorityException {
        Folder folder = Folder.open(directory);
        return new Authority(folder, certificate(folder.resolve(CERTIFICATE)), clock);
    }

    /** Whether a passphrase is needed to issue. */
    public boolean needsPassphrase() throws IOException, AuthorityException {
        return KeyFile.isEncrypted(folder.resolve(KEY));
    }

    public String name() {
        return certificate.getSubject().toString();
    }

    /** What nodes call its key: on their list of revoked keys it ends the trust in this authority. */
    public String keyId() {
        return keyId(certificate);
    }

    public Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    /** {@code ca.crt}: {@code parley.trust.ca.anchors} of every node. */
    public Path certificateFile() {
        return folder.resolve(CERTIFICATE);
    }

    /** {@code revoked.txt}: {@code parley.trust.ca.revoked} of every node. */
    public Path revokedFile() {
        return folder.resolve(REVOKED);
    }

    /**
     * Issues a certificate; a copy stays in {@code issued/}.
     *
     * @param names what the peer is to be called, 1 to 16 DNS names and URIs
     * @param life how long it is valid; not longer than the authority's own certificate
     * @throws AuthorityException REFUSED if the key is revoked or the authority has expired, PASSPHRASE, BAD_INPUT
     */
    public Issued issue(Applicant applicant, List<String> names, Duration life, Optional<char[]> passphrase)
            throws IOException, AuthorityException {
        Names.check(names);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant end = now.plus(life);
        if (end.isAfter(notAfter())) {
            throw new AuthorityException(
                    Kind.REFUSED, "the certificate would outlive the authority's own, which ends at " + notAfter());
        }
        PrivateKey key = KeyFile.read(folder.resolve(KEY), passphrase);
        try (var _ = folder.lock()) {
            if (revoked().contains(applicant.peerId())) {
                throw new AuthorityException(
                        Kind.REFUSED, "the key " + applicant.peerId() + " is revoked: the node needs a new one");
            }
            X509CertificateHolder made = leaf(applicant, names, now, end, key);
            Issued issued = describe(made, Set.of());
            folder.writePublic(ISSUED + "/" + issued.serial() + ".crt", issued.pem());
            return issued;
        }
    }

    /**
     * Revokes a key, with all certificates that it has or will ever have.
     *
     * @param keyOrCertificate a PeerId, or a file with a certificate in PEM
     * @param reason for people; may be empty
     * @return the key's PeerId
     */
    public String revoke(String keyOrCertificate, String reason) throws IOException, AuthorityException {
        if (!KeyId.isOne(keyOrCertificate) && !Files.exists(Path.of(keyOrCertificate))) {
            throw new AuthorityException(
                    Kind.BAD_INPUT,
                    "'" + keyOrCertificate
                            + "' is neither a peer id, which has 52 characters, nor a file that is there");
        }
        String key = KeyId.isOne(keyOrCertificate) ? keyOrCertificate : keyId(certificate(Path.of(keyOrCertificate)));
        try (var _ = folder.lock()) {
            if (!revoked().contains(key)) {
                String comment = clock.instant().truncatedTo(ChronoUnit.SECONDS) + " "
                        + reason.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", " ")
                                .strip();
                folder.writePublic(REVOKED, RevokedList.with(revokedFile(), key, comment.strip()));
            }
        }
        return key;
    }

    /** The keys that are revoked, in the order of the list. */
    public Set<String> revoked() throws IOException {
        return RevokedList.keys(revokedFile());
    }

    /** All certificates that were issued, oldest first. */
    public List<Issued> issued() throws IOException, AuthorityException {
        Set<String> revoked = revoked();
        List<Issued> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(ISSUED))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".crt")).toList()) {
                all.add(describe(certificate(file), revoked));
            }
        }
        all.sort(Comparator.comparing(Issued::notBefore).thenComparing(Issued::serial));
        return List.copyOf(all);
    }

    private X509CertificateHolder leaf(
            Applicant applicant, List<String> names, Instant now, Instant end, PrivateKey key)
            throws IOException, AuthorityException {
        Optional<String> common =
                names.stream().filter(name -> name.length() <= COMMON_NAME).findFirst();
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        common.ifPresent(name -> subject.addRDN(BCStyle.CN, name));
        SubjectPublicKeyInfo spki =
                SubjectPublicKeyInfo.getInstance(applicant.key().getEncoded());
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                certificate.getSubject(),
                serial(random),
                Date.from(now.minus(EARLIER)),
                Date.from(end),
                subject.build(),
                spki);
        X509ExtensionUtils utils = utils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        }));
        // RFC 5280 section 4.2.1.6: critical where there is no subject.
        builder.addExtension(Extension.subjectAlternativeName, common.isEmpty(), Names.general(names));
        builder.addExtension(Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(spki));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                utils.createAuthorityKeyIdentifier(certificate.getSubjectPublicKeyInfo()));
        X509CertificateHolder made = sign(
                builder,
                key,
                key.getAlgorithm().equals("RSA") ? Algorithm.RSA_3072.signature : Algorithm.EC_P256.signature);
        if (!isMine(made)) {
            throw AuthorityException.bad("ca.key is not the key of ca.crt: restore both from one backup");
        }
        return made;
    }

    private boolean isMine(X509CertificateHolder made) {
        try {
            return made.isSignatureValid(
                    new org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder().build(certificate));
        } catch (OperatorCreationException
                | org.bouncycastle.cert.CertException
                | java.security.cert.CertificateException e) {
            return false;
        }
    }

    private static Issued describe(X509CertificateHolder made, Set<String> revoked) throws IOException {
        GeneralNames names = GeneralNames.fromExtensions(made.getExtensions(), Extension.subjectAlternativeName);
        String peerId = keyId(made);
        return new Issued(
                made.getSerialNumber().toString(16),
                peerId,
                names == null ? List.of() : Names.of(names),
                made.getNotBefore().toInstant(),
                made.getNotAfter().toInstant(),
                revoked.contains(peerId),
                Pem.write("CERTIFICATE", made.getEncoded()));
    }

    private static String keyId(X509CertificateHolder certificate) {
        try {
            return KeyId.of(certificate.getSubjectPublicKeyInfo().getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a key that was parsed has an encoding", e);
        }
    }

    private static X509CertificateHolder certificate(Path file) throws IOException, AuthorityException {
        PemObject pem = Pem.read(file, "a certificate");
        if (!pem.getType().equals("CERTIFICATE")) {
            throw AuthorityException.bad("'" + file + "' is neither a peer id nor a certificate in PEM");
        }
        try {
            return new X509CertificateHolder(pem.getContent());
        } catch (CertIOException e) {
            throw AuthorityException.bad("the certificate '" + file + "' is damaged");
        }
    }

    private static KeyPair generate(Algorithm algorithm, SecureRandom random) {
        try {
            KeyPairGenerator generator;
            switch (algorithm) {
                case EC_P256 -> {
                    generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
                }
                case RSA_3072 -> {
                    generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(3_072, random);
                }
                default -> throw new IllegalStateException("no such algorithm");
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make such a key", e);
        }
    }

    /** Random, positive, at most 16 bytes: nobody can foresee it (RFC 5280 allows 20). */
    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }

    private static X509CertificateHolder sign(X509v3CertificateBuilder builder, PrivateKey key, String signature)
            throws AuthorityException {
        try {
            return builder.build(new JcaContentSignerBuilder(signature).build(key));
        } catch (OperatorCreationException e) {
            throw AuthorityException.bad("the authority's key cannot sign: is ca.key another kind of key?");
        }
    }

    private static X509ExtensionUtils utils() {
        try {
            return new JcaX509ExtensionUtils();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1 for key identifiers", e);
        }
    }
}
