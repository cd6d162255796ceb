package dev.parley.node.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of every kind, good ones and bad ones. */
public final class Certs {

    private Certs() {}

    /** An authority: its key and its certificate, DER. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Ca(String name, KeyPair pair, byte[] der) {

        /** An authority below this one. */
        public Ca below(String other, Spec spec) {
            KeyPair pair = ec();
            return new Ca(other, pair, sign(this, other, pair.getPublic(), spec));
        }

        /** A certificate for a key. */
        public byte[] issue(PublicKey key, Spec spec) {
            return sign(this, "leaf", key, spec);
        }
    }

    /** What is in a certificate. */
    public static final class Spec {
        private Instant from = Instant.now().minusSeconds(60);
        private Instant to = Instant.now().plus(Duration.ofDays(90));
        private List<String> names = List.of();
        private Integer pathLength;
        private boolean authority;
        private int usage;
        private KeyPurposeId[] purposes = {};
        private String signature = "SHA256withECDSA";
        private String permitted;

        public Spec from(Instant when) {
            from = when;
            return this;
        }

        public Spec to(Instant when) {
            to = when;
            return this;
        }

        public Spec names(String... all) {
            names = List.of(all);
            return this;
        }

        public Spec usage(int bits) {
            usage = bits;
            return this;
        }

        public Spec purposes(KeyPurposeId... all) {
            purposes = all.clone();
            return this;
        }

        public Spec signature(String algorithm) {
            signature = algorithm;
            return this;
        }

        public Spec pathLength(int most) {
            pathLength = most;
            return this;
        }

        public Spec authority() {
            authority = true;
            return this;
        }

        public Spec permitted(String dns) {
            permitted = dns;
            return this;
        }
    }

    /** As an authority's has to be. */
    public static Spec authority() {
        return new Spec().authority().usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    }

    /** As a peer's has to be. */
    public static Spec peer(String... names) {
        return new Spec()
                .names(names)
                .usage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment)
                .purposes(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
    }

    public static Ca root(String name) {
        return root(name, authority());
    }

    public static Ca root(String name, Spec spec) {
        return root(name, ec(), spec);
    }

    public static Ca root(String name, KeyPair pair, Spec spec) {
        return new Ca(name, pair, sign(new Ca(name, pair, null), name, pair.getPublic(), spec));
    }

    public static String pem(byte[]... certificates) {
        StringBuilder text = new StringBuilder();
        for (byte[] der : certificates) {
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return text.toString();
    }

    public static KeyPair ec() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sign(Ca issuer, String subject, PublicKey key, Spec spec) {
        try {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    new X500Name("CN=" + issuer.name()),
                    new BigInteger(127, new SecureRandom()).setBit(120),
                    Date.from(spec.from),
                    Date.from(spec.to),
                    new X500Name("CN=" + subject),
                    SubjectPublicKeyInfo.getInstance(key.getEncoded()));
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    spec.pathLength != null
                            ? new BasicConstraints(spec.pathLength)
                            : new BasicConstraints(spec.authority));
            if (spec.usage != 0) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(spec.usage));
            }
            if (spec.purposes.length > 0) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(spec.purposes));
            }
            if (!spec.names.isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, names(spec.names));
            }
            if (spec.permitted != null) {
                GeneralSubtree only = new GeneralSubtree(new GeneralName(GeneralName.dNSName, spec.permitted));
                builder.addExtension(
                        Extension.nameConstraints, true, new NameConstraints(new GeneralSubtree[] {only}, null));
            }
            return builder.build(new JcaContentSignerBuilder(spec.signature)
                            .build(issuer.pair().getPrivate()))
                    .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralNames names(List<String> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(
                        name.indexOf(':') < 0 ? GeneralName.dNSName : GeneralName.uniformResourceIdentifier, name))
                .toArray(GeneralName[]::new));
    }
}
