package dev.parley.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.Vectors;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

class IdentityKeyTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final IdentityKey KEY = Vectors.key("initiator_rsa2048");
    private static final String PASSPHRASE = "correct horse";

    @Test
    void generatesAKeyOfItsSizeAndReadsItBack() {
        IdentityKey key = IdentityKey.generate(2_048, RANDOM);
        assertThat(key.bits()).isEqualTo(2_048);
        assertThat(IdentityKey.fromPem(key.toPem()).peerId()).isEqualTo(key.peerId());
        assertThatThrownBy(() -> IdentityKey.generate(1_024, RANDOM)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IdentityKey.generate(8_192, RANDOM)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesThePemThatItRead() {
        String pem =
                Vectors.root().get("keys_pkcs8_pem").get("initiator_rsa2048").asText();
        assertThat(KEY.toPem().strip()).isEqualTo(pem.strip());
    }

    @Test
    void exportsAKeyByScrypt() {
        String pem = KEY.toPemByScrypt(PASSPHRASE.toCharArray(), RANDOM);
        assertThat(IdentityKey.encrypted(pem)).isTrue();
        assertThat(IdentityKey.fromPem(pem, PASSPHRASE.toCharArray()).peerId()).isEqualTo(KEY.peerId());
        assertThat(pem).as("salt and IV are fresh").isNotEqualTo(KEY.toPemByScrypt(PASSPHRASE.toCharArray(), RANDOM));
        for (String wrong : List.of("", "wrong", PASSPHRASE + " ", PASSPHRASE.toUpperCase(Locale.ROOT))) {
            assertThatThrownBy(() -> IdentityKey.fromPem(pem, wrong.toCharArray()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the key does not open with this passphrase");
        }
    }

    @Test
    void refusesAFileThatAsksForTooMuchWork() {
        byte[] der = Base64.getMimeDecoder()
                .decode(KEY.toPemByScrypt(PASSPHRASE.toCharArray(), RANDOM).replaceAll("-----.*-----", ""));
        // INTEGER 16384 becomes 32512, which is no power of two.
        int at = indexOf(der, new byte[] {2, 2, 0x40, 0, 2, 1, 8});
        der[at + 2] = 0x7f;
        String odd = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
        assertThatThrownBy(() -> IdentityKey.fromPem(odd, PASSPHRASE.toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more work");
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void keepsAKeyUnderAPassphrase() {
        String pem = KEY.toPem(PASSPHRASE.toCharArray(), RANDOM);
        assertThat(IdentityKey.encrypted(pem)).isTrue();
        assertThat(IdentityKey.encrypted(KEY.toPem())).isFalse();
        assertThat(IdentityKey.fromPem(pem, PASSPHRASE.toCharArray()).peerId()).isEqualTo(KEY.peerId());
        assertThat(IdentityKey.fromPem(KEY.toPem(), PASSPHRASE.toCharArray()).peerId())
                .isEqualTo(KEY.peerId());
        assertThatThrownBy(() -> IdentityKey.fromPem(pem, "wrong".toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the key does not open with this passphrase");
        assertThatThrownBy(() -> IdentityKey.fromPem(pem))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the key is encrypted and needs its passphrase");
    }

    /** Made by OpenSSL: {@code openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256}. */
    @Test
    void readsAKeyThatOpensslEncrypted() throws IOException {
        try (InputStream in = Vectors.class.getResourceAsStream("initiator_rsa2048.encrypted.pem")) {
            String pem = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(IdentityKey.fromPem(pem, PASSPHRASE.toCharArray()).peerId())
                    .isEqualTo(KEY.peerId());
        }
    }

    @Test
    void saysWhatIsWrongWithAPem() throws Exception {
        assertThatThrownBy(() -> IdentityKey.fromPem("hello")).hasMessage("not a PKCS#8 private key in PEM");
        assertThatThrownBy(() -> IdentityKey.fromPem(KEY.toPem().replace("BEGIN PRIVATE", "BEGIN RSA PRIVATE")))
                .hasMessage("not a PKCS#8 private key in PEM");
        assertThatThrownBy(() -> IdentityKey.fromPem(KEY.toPem().replaceFirst("\nMII", "\nAAA")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IdentityKey.fromPem(pemOf("RSA", 1_024)))
                .hasMessage("the key is not RSA of 2048 to 4096 bits with exponent 65537");
        assertThatThrownBy(() -> IdentityKey.fromPem(pemOf("EC", 256)))
                .hasMessage("the key is not an RSA private key in PKCS#8");
    }

    @Test
    void showsNothingOfTheKey() {
        assertThat(KEY).hasToString("IdentityKey[" + KEY.peerId() + "]");
    }

    @Test
    void peerIdsAreParsedStrictly() {
        String text = KEY.peerId().toString();
        assertThat(PeerId.parse(text)).isEqualTo(KEY.peerId()).hasSameHashCodeAs(KEY.peerId());
        char last = text.charAt(PeerId.TEXT_LENGTH - 1);
        for (String bad : List.of(
                "",
                text.substring(1),
                text + "a",
                text.toUpperCase(Locale.ROOT),
                "1" + text.substring(1),
                "=" + text.substring(1),
                // The next character only differs in bits that must be zero.
                text.substring(0, PeerId.TEXT_LENGTH - 1) + (char) (last + 1))) {
            assertThatThrownBy(() -> PeerId.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> PeerId.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void peerIdsAreOrderedAsUnsignedBytes() {
        List<PeerId> ids = new ArrayList<>();
        for (int first : new int[] {0xff, 0x00, 0x80, 0x7f}) {
            byte[] bytes = new byte[PeerId.LENGTH];
            bytes[0] = (byte) first;
            ids.add(PeerId.of(bytes));
        }
        Collections.sort(ids);
        assertThat(ids).extracting(id -> id.bytes()[0] & 0xff).containsExactly(0x00, 0x7f, 0x80, 0xff);
    }

    @Test
    void secretsAreWipedAndSilent() {
        byte[] bytes = {1, 2, 3};
        Secret secret = Secret.own(bytes);
        assertThat(secret).hasToString("Secret[*]");
        secret.close();
        secret.close();
        assertThat(bytes).containsOnly(0);
        assertThat(secret.wiped()).isTrue();
        assertThatThrownBy(secret::reveal).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWipedAeadDoesNothingMore() {
        for (Suite suite : Suite.values()) {
            Secret key = Secret.own(new byte[suite.keyLength()]);
            Aead aead = Aead.of(suite, key, Crypto.jdk(), RANDOM);
            aead.close();
            aead.close();
            assertThat(key.wiped()).isTrue();
            assertThatThrownBy(() -> aead.seal(0, new byte[0], new byte[1])).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> aead.open(0, new byte[0], new byte[64])).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void suitesAreNamed() {
        for (Suite suite : Suite.values()) {
            assertThat(Suite.parse(suite.toString())).isEqualTo(suite);
        }
        assertThatThrownBy(() -> Suite.parse("AES")).hasMessageContaining("A256GCM and A256CBC-HS512");
    }

    @Test
    void ownIdentitiesAreChecked() {
        assertThatThrownBy(() -> Identity.of(KEY, "x".repeat(65), "", List.of()))
                .hasMessageContaining("display name");
        assertThatThrownBy(() -> Identity.of(KEY, "a\nb", "", List.of())).hasMessageContaining("display name");
        for (String bad : List.of("host", "host:", ":1", "host:0", "host:65536", "a b:1", "::1:1", "[]:1", "h:+1")) {
            assertThatThrownBy(() -> Identity.of(KEY, "", bad, List.of()))
                    .as(bad)
                    .hasMessageContaining("advertised address");
        }
        // A chain that does not fit is left out.
        assertThat(Identity.of(KEY, "", "", List.of(new byte[20_000])).chain()).isEmpty();
        assertThat(Identity.of(KEY, "", "", List.of(new byte[10_000])).chain()).hasSize(1);
    }

    /** A receiver takes any multiple of 1,024 up to 14,336; what it sends itself has the fewest zeros. */
    @Test
    void identitiesMayBePaddedFurther() throws MalformedException {
        Identity own = Identity.of(KEY, "name", "host:1", List.of());
        byte[] encoded = own.encode();
        int block = Limits.IDENTITY_BLOCK;
        assertThat(encoded).hasSize(block);
        int padding = block - (2 + KEY.spki().length + 1 + 4 + 1 + 6 + 1 + 2);
        int at = block - padding - 2;
        for (int length = block; length <= Limits.IDENTITY + block; length += block) {
            byte[] longer = Arrays.copyOf(encoded, length);
            int zeros = padding + length - block;
            longer[at] = (byte) (zeros >>> 8);
            longer[at + 1] = (byte) zeros;
            if (length <= Limits.IDENTITY) {
                assertThat(Identity.parse(longer).name()).isEqualTo("name");
            } else {
                assertThatThrownBy(() -> Identity.parse(longer)).isInstanceOf(MalformedException.class);
            }
        }
    }

    @Test
    void aCertificateMustBeForTheKey() {
        assertThat(Certificates.fitKey(Identity.of(KEY, "", "", List.of()))).isTrue();
        assertThat(Certificates.fitKey(Identity.of(KEY, "", "", List.of(new byte[] {1, 2, 3}))))
                .isFalse();
        byte[] own = certificate(KEY);
        byte[] foreign = certificate(Vectors.key("responder_rsa3072"));
        assertThat(Certificates.fitKey(Identity.of(KEY, "", "", List.of(own)))).isTrue();
        assertThat(Certificates.fitKey(Identity.of(KEY, "", "", List.of(foreign, own))))
                .isFalse();
        assertThat(Certificates.fitKey(Identity.of(KEY, "", "", List.of(Arrays.copyOf(own, own.length + 1)))))
                .isFalse();
    }

    @Test
    void keysInPkcs1AreReadToo() throws Exception {
        byte[] pkcs8 = Base64.getMimeDecoder().decode(KEY.toPem().replaceAll("-----[A-Z ]+-----", ""));
        byte[] pkcs1 = PrivateKeyInfo.getInstance(pkcs8)
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        assertThat(IdentityKey.fromPem(pkcs1Pem(pkcs1, "")).peerId()).isEqualTo(KEY.peerId());
        assertThat(IdentityKey.fromPem(pkcs1Pem(pkcs1, ""), new char[] {'x'}).peerId())
                .as("a passphrase that is not needed")
                .isEqualTo(KEY.peerId());
        assertThatThrownBy(() -> IdentityKey.fromPem(pkcs1Pem(Arrays.copyOf(pkcs1, 100), "")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IdentityKey.fromPem(pkcs1Pem(new byte[] {1, 2, 3}, "")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        IdentityKey.fromPem(pkcs1Pem(pkcs1, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n")))
                .hasMessageContaining("openssl pkcs8");
    }

    private static String pkcs1Pem(byte[] der, String headers) {
        return "-----BEGIN RSA PRIVATE KEY-----\n" + headers
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END RSA PRIVATE KEY-----\n";
    }

    @Test
    void aCertificateRequestIsSignedByItsKeyAndNamesWhatWasAsked() throws Exception {
        String pem = CertificateRequest.make(KEY, List.of("x".repeat(65) + ".example", "spiffe://e/x", "b"));
        var request =
                new PKCS10CertificationRequest(Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "")));
        assertThat(request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(KEY.publicKey())))
                .isTrue();
        assertThat(request.getSubjectPublicKeyInfo().getEncoded()).isEqualTo(KEY.spki());
        assertThat(request.getSubject()).hasToString("CN=spiffe://e/x");
        assertThat(GeneralNames.fromExtensions(request.getRequestedExtensions(), Extension.subjectAlternativeName)
                        .getNames())
                .extracting(name -> name.getTagNo() + " " + name.getName())
                .containsExactly("2 " + "x".repeat(65) + ".example", "6 spiffe://e/x", "2 b");
    }

    private static byte[] certificate(IdentityKey key) {
        try {
            X500Name name = new X500Name("CN=test");
            return new JcaX509v3CertificateBuilder(
                            name,
                            BigInteger.ONE,
                            new Date(0),
                            new Date(Integer.MAX_VALUE * 1000L),
                            name,
                            key.publicKey())
                    .build(new JcaContentSignerBuilder("SHA256withRSA").build(key.reveal(Crypto.jdk())))
                    .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static String pemOf(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        byte[] der = generator.generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
