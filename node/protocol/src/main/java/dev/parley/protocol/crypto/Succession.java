package dev.parley.protocol.crypto;

import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/**
 * One identity key names the next (section 7): an X.509 certificate for the new key, signed by the old one with RSASSA-PSS, with a
 * critical extended key usage of its own, which no other certificate of an identity has. It travels in the chain of
 * {@link Identity}. That the new key's holder wants it, the handshake proves.
 */
public final class Succession {
    /** The most steps that are shown: six certificates of 4096-bit keys still fit an identity. */
    public static final int STEPS = 3;

    private static final String PURPOSE = "2.25.100106687052257111799263384924013433779";
    private static final String PSS = "1.2.840.113549.1.1.10";
    private static final AlgorithmIdentifier ALGORITHM =
            new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256WITHRSAANDMGF1");
    private static final int SERIAL_BITS = 127;

    /**
     * A certificate whose signature is right; whether it is valid now is the caller's to say.
     *
     * @param from whose key signed
     * @param to whose key comes after it
     * @param notBefore milliseconds since 1970 UTC
     * @param notAfter milliseconds since 1970 UTC: the end of the grace period
     */
    public record Step(PeerId from, PeerId to, long notBefore, long notAfter) {
        /** Says whether it may be relied on at this time. */
        public boolean validAt(long millis) {
            return millis >= notBefore && millis <= notAfter;
        }
    }

    private Succession() {}

    /**
     * The chain of the new key: its certificate by the old one, the old one's own, and then what the old key has shown itself,
     * as far as {@link #STEPS} go.
     *
     * @param notBefore milliseconds since 1970 UTC, as are all times here; certificates count whole seconds
     * @param oldChain what the old key showed, may be empty
     */
    public static List<byte[]> certify(
            IdentityKey old,
            IdentityKey next,
            long notBefore,
            long notAfter,
            List<byte[]> oldChain,
            SecureRandom random) {
        List<byte[]> chain = new ArrayList<>();
        chain.add(certificate(old, next.peerId(), next.spki(), notBefore, notAfter, true, random));
        chain.add(certificate(old, old.peerId(), old.spki(), notBefore, notAfter, false, random));
        chain.addAll(oldChain.subList(0, Math.min(oldChain.size(), 2 * (STEPS - 1))));
        return List.copyOf(chain);
    }

    /**
     * The steps that lead to an identity's key, the last one first; of what is no such certificate, or does not verify, nothing.
     * Parses foreign DER, and verifies at most one signature a certificate: to be called only for who is authenticated, or
     * of whom a dial expects something.
     */
    public static List<Step> of(Identity identity) {
        Map<PeerId, RSAPublicKey> keys = new HashMap<>();
        Map<PeerId, X509Certificate> steps = new HashMap<>();
        keys.put(identity.peerId(), identity.publicKey());
        for (byte[] der : identity.chain()) {
            read(der, keys, steps);
        }
        List<Step> found = new ArrayList<>();
        PeerId to = identity.peerId();
        for (X509Certificate each = steps.get(to); each != null && found.size() < STEPS; each = steps.get(to)) {
            PeerId from = issuer(each);
            if (from == null || from.equals(to) || !signedBy(each, keys.get(from))) {
                break;
            }
            found.add(new Step(
                    from, to, each.getNotBefore().getTime(), each.getNotAfter().getTime()));
            steps.remove(to);
            to = from;
        }
        return List.copyOf(found);
    }

    private static void read(byte[] der, Map<PeerId, RSAPublicKey> keys, Map<PeerId, X509Certificate> steps) {
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            byte[] spki = certificate.getPublicKey().getEncoded();
            RSAPublicKey key = RsaKeys.parse(spki);
            PeerId subject = RsaKeys.peerId(spki);
            keys.putIfAbsent(subject, key);
            if (Arrays.equals(certificate.getEncoded(), der) && isStep(certificate)) {
                steps.putIfAbsent(subject, certificate);
            }
        } catch (GeneralSecurityException | MalformedException | RuntimeException notOurs) {
            // A certificate of another kind, or none at all: it says nothing here.
            return;
        }
    }

    private static boolean isStep(X509Certificate certificate) throws GeneralSecurityException {
        List<String> purposes = certificate.getExtendedKeyUsage();
        return List.of(PURPOSE).equals(purposes)
                && Set.of(Extension.extendedKeyUsage.getId()).equals(certificate.getCriticalExtensionOIDs())
                && PSS.equals(certificate.getSigAlgOID());
    }

    private static PeerId issuer(X509Certificate certificate) {
        try {
            String name = TBSCertificate.getInstance(certificate.getTBSCertificate())
                    .getIssuer()
                    .toString();
            return name.startsWith("CN=") ? PeerId.parse(name.substring(3)) : null;
        } catch (GeneralSecurityException | RuntimeException notOne) {
            return null;
        }
    }

    private static boolean signedBy(X509Certificate certificate, RSAPublicKey key) {
        if (key == null) {
            return false;
        }
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException | RuntimeException forged) {
            return false;
        }
    }

    private static byte[] certificate(
            IdentityKey signer,
            PeerId subject,
            byte[] spki,
            long notBefore,
            long notAfter,
            boolean step,
            SecureRandom random) {
        try {
            V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
            generator.setSerialNumber(new ASN1Integer(new BigInteger(SERIAL_BITS, random).setBit(0)));
            generator.setSignature(ALGORITHM);
            generator.setIssuer(name(signer.peerId()));
            generator.setSubject(name(subject));
            generator.setStartDate(new Time(new Date(notBefore)));
            generator.setEndDate(new Time(new Date(notAfter)));
            generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(spki));
            if (step) {
                KeyPurposeId purpose = KeyPurposeId.getInstance(new ASN1ObjectIdentifier(PURPOSE));
                generator.setExtensions(new Extensions(
                        new Extension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose).getEncoded())));
            }
            TBSCertificate tbs = generator.generateTBSCertificate();
            ASN1EncodableVector whole = new ASN1EncodableVector();
            whole.add(tbs);
            whole.add(ALGORITHM);
            whole.add(new DERBitString(IdentitySignature.signCertificate(signer, tbs.getEncoded("DER"))));
            byte[] der = new DERSequence(whole).getEncoded("DER");
            if (der.length > Limits.IDENTITY / (2 * STEPS)) {
                throw new IllegalStateException("a certificate of a succession is longer than there is room for");
            }
            return der;
        } catch (IOException e) {
            throw new IllegalStateException("a certificate of numbers and names does not encode", e);
        }
    }

    private static X500Name name(PeerId id) {
        return new X500Name("CN=" + id);
    }
}
