package dev.parley.protocol.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.pkcs.CertificationRequestInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * A certificate request (PKCS#10, RFC 2986) for an identity key, which signs it: the one signature that section 2 allows beside
 * those of {@link IdentitySignature}. Signed with PKCS#1 v1.5 and SHA-256, which every authority takes; PSS signs the others,
 * so that neither kind is ever the other.
 */
public final class CertificateRequest {
    private static final int COMMON_NAME = 64;
    private static final int LINE = 64;
    private static final int USAGE = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;

    private CertificateRequest() {}

    /**
     * Makes a request, as PEM; costs about as much as an unwrap.
     *
     * @param names what the key's holder wants to be called, none or more; one with a colon is a URI, any other a DNS name; all ASCII
     */
    public static String make(IdentityKey key, List<String> names) {
        try {
            CertificationRequestInfo info = new CertificationRequestInfo(
                    subject(key, names), SubjectPublicKeyInfo.getInstance(key.spki()), attributes(names));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.reveal(Crypto.jdk()));
            signature.update(info.getEncoded(ASN1Encoding.DER));
            AlgorithmIdentifier algorithm =
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);
            byte[] der = new CertificationRequest(info, algorithm, new DERBitString(signature.sign()))
                    .getEncoded(ASN1Encoding.DER);
            return "-----BEGIN CERTIFICATE REQUEST-----\n"
                    + Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(der)
                    + "\n-----END CERTIFICATE REQUEST-----\n";
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot sign with the identity key", e);
        }
    }

    /** The first name that fits into one, or the PeerId, which has 52 characters. */
    private static X500Name subject(IdentityKey key, List<String> names) {
        String name = names.stream()
                .filter(each -> each.length() <= COMMON_NAME)
                .findFirst()
                .orElseGet(key.peerId()::toString);
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    private static ASN1Set attributes(List<String> names) throws IOException {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        if (!names.isEmpty()) {
            GeneralName[] all = names.stream()
                    .map(name -> new GeneralName(
                            name.indexOf(':') < 0 ? GeneralName.dNSName : GeneralName.uniformResourceIdentifier, name))
                    .toArray(GeneralName[]::new);
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
        }
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        extensions.addExtension(Extension.keyUsage, true, new KeyUsage(USAGE));
        extensions.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        }));
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        attributes.add(
                new Attribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new DERSet(extensions.generate())));
        return new DERSet(attributes);
    }
}
