package dev.parley.authority;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Whom a certificate is for: an identity key of PSP/1, RSA of 2048 to 4096 bits.
 *
 * @param key the public key
 * @param asked names that its holder asked for, none where only the key was handed in
 */
public record Applicant(RSAPublicKey key, List<String> asked) {

    private static final int LEAST_BITS = 2_048;
    private static final int MOST_BITS = 4_096;
    private static final BigInteger EXPONENT = BigInteger.valueOf(65_537);

    public Applicant {
        asked = List.copyOf(asked);
    }

    /** Reads a certificate request, PEM, and checks that its holder has the private key. */
    public static Applicant ofRequest(Path file) throws IOException, AuthorityException {
        PemObject pem = Pem.read(file, "a certificate request");
        if (!pem.getType().equals("CERTIFICATE REQUEST") && !pem.getType().equals("NEW CERTIFICATE REQUEST")) {
            throw AuthorityException.bad("'" + file + "' is not a certificate request in PEM");
        }
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(pem.getContent());
            if (!request.isSignatureValid(
                    new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo()))) {
                throw AuthorityException.bad("the request '" + file + "' is not signed by the key that it is for");
            }
            Extensions extensions = request.getRequestedExtensions();
            Extension names = extensions == null ? null : extensions.getExtension(Extension.subjectAlternativeName);
            return new Applicant(
                    key(request.getSubjectPublicKeyInfo().getEncoded(), file),
                    names == null ? List.of() : Names.of(GeneralNames.getInstance(names.getParsedValue())));
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
            throw AuthorityException.bad("the request '" + file + "' is damaged");
        }
    }

    /** Reads a public key, PEM, as {@code parley identity --pem} prints it. */
    public static Applicant ofPublicKey(Path file) throws IOException, AuthorityException {
        PemObject pem = Pem.read(file, "a public key");
        if (!pem.getType().equals("PUBLIC KEY")) {
            throw AuthorityException.bad("'" + file + "' is not a public key in PEM");
        }
        return new Applicant(key(pem.getContent(), file), List.of());
    }

    /** The PeerId. */
    public String peerId() {
        return KeyId.of(key.getEncoded());
    }

    private static RSAPublicKey key(byte[] spki, Path file) throws AuthorityException {
        try {
            if (KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki)) instanceof RSAPublicKey key
                    && key.getModulus().bitLength() >= LEAST_BITS
                    && key.getModulus().bitLength() <= MOST_BITS
                    && key.getPublicExponent().equals(EXPONENT)) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            throw noIdentity(file);
        }
        throw noIdentity(file);
    }

    private static AuthorityException noIdentity(Path file) {
        return AuthorityException.bad("the key in '" + file
                + "' is no identity key of a node: those are RSA of 2048 to 4096 bits with exponent 65537");
    }
}
