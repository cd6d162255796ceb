package dev.parley.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Vectors;
import dev.parley.protocol.wire.Limits;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuccessionTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long NOW = 1_760_000_000_000L;
    private static final long END = NOW + 604_800_000L;

    private static final IdentityKey OLD = Vectors.key("initiator_rsa2048");
    private static final IdentityKey NEXT = IdentityKey.generate(2_048, RANDOM);
    private static final IdentityKey OTHER = IdentityKey.generate(2_048, RANDOM);

    @Test
    void theOldKeyNamesTheNew() {
        List<byte[]> chain = Succession.certify(OLD, NEXT, NOW, END, List.of(), RANDOM);
        Identity shown = identity(NEXT, chain);
        assertThat(Certificates.fitKey(shown)).isTrue();
        assertThat(Succession.of(shown)).containsExactly(new Succession.Step(OLD.peerId(), NEXT.peerId(), NOW, END));
        Succession.Step step = Succession.of(shown).getFirst();
        assertThat(step.validAt(NOW - 1)).isFalse();
        assertThat(step.validAt(NOW)).isTrue();
        assertThat(step.validAt(END)).isTrue();
        assertThat(step.validAt(END + 1)).isFalse();
    }

    @Test
    void severalStepsAreFollowedBackwards() {
        List<byte[]> first = Succession.certify(OLD, NEXT, NOW, END, List.of(), RANDOM);
        List<byte[]> second = Succession.certify(NEXT, OTHER, NOW, END, first, RANDOM);
        assertThat(Succession.of(identity(OTHER, second)))
                .extracting(Succession.Step::from)
                .containsExactly(NEXT.peerId(), OLD.peerId());
    }

    @Test
    void noMoreStepsAreShownThanFitAnIdentityOfTheLongestKeys() {
        IdentityKey key = IdentityKey.generate(4_096, RANDOM);
        List<byte[]> chain = List.of();
        for (int i = 0; i < 5; i++) {
            chain = Succession.certify(key, key, NOW, END, chain, RANDOM);
        }
        assertThat(chain).hasSize(2 * Succession.STEPS);
        assertThat(identity(key, chain).chain())
                .as("a chain that does not fit is left out")
                .hasSize(2 * Succession.STEPS);
        assertThat(identity(key, chain).encode().length).isLessThanOrEqualTo(Limits.IDENTITY);
        assertThat(Succession.of(identity(key, chain)))
                .as("a key that names itself is no step")
                .isEmpty();
    }

    @Test
    void whatTheOldKeyDidNotSignIsNoStep() {
        List<byte[]> good = Succession.certify(OLD, NEXT, NOW, END, List.of(), RANDOM);
        List<byte[]> forged = Succession.certify(OTHER, NEXT, NOW, END, List.of(), RANDOM);
        assertThat(Succession.of(identity(NEXT, forged)))
                .extracting(Succession.Step::from)
                .as("it is a step from who signed it, and from nobody else")
                .containsExactly(OTHER.peerId());
        assertThat(Succession.of(identity(NEXT, List.of(good.getFirst()))))
                .as("without the old public key nothing can be verified")
                .isEmpty();
        assertThat(Succession.of(identity(OTHER, good)))
                .as("a certificate for another key")
                .isEmpty();
        assertThat(Succession.of(identity(NEXT, List.of(good.getLast()))))
                .as("the old key's own certificate names nobody")
                .isEmpty();
        assertThat(Succession.of(identity(NEXT, List.of(new byte[0], new byte[] {0x30, (byte) 0x82}))))
                .isEmpty();
        assertThat(Succession.of(identity(NEXT, List.of()))).isEmpty();
    }

    @Test
    void everyFlippedByteOfTheCertificateIsNoticed() {
        List<byte[]> good = Succession.certify(OLD, NEXT, NOW, END, List.of(), RANDOM);
        Succession.Step step = Succession.of(identity(NEXT, good)).getFirst();
        for (int at = 0; at < good.getFirst().length; at++) {
            byte[] flipped = good.getFirst().clone();
            flipped[at] ^= (byte) (1 << RANDOM.nextInt(8));
            assertThat(Succession.of(identity(NEXT, List.of(flipped, good.getLast()))))
                    .as("byte %d", at)
                    .doesNotContain(step)
                    .isEmpty();
        }
    }

    @Test
    void theOrderOfTheCertificatesDoesNotMatter() {
        List<byte[]> chain = new ArrayList<>(Succession.certify(OLD, NEXT, NOW, END, List.of(), RANDOM));
        Collections.reverse(chain);
        assertThat(Succession.of(identity(NEXT, chain))).hasSize(1);
    }

    @Test
    void isAnOrdinaryCertificate() throws Exception {
        byte[] der = Succession.certify(OLD, NEXT, NOW, END, List.of(), RANDOM).getFirst();
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        certificate.verify(OLD.publicKey());
        assertThat(certificate.getSigAlgOID()).isEqualTo("1.2.840.113549.1.1.10");
        assertThat(IdentityKey.certificates(
                        "junk\n" + IdentityKey.certificatePem(der) + IdentityKey.certificatePem(der)))
                .hasSize(2)
                .allSatisfy(each -> assertThat(each).isEqualTo(der));
    }

    @Test
    void opensslReadsAnExportedKey(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "there is no openssl here");
        Path pem = directory.resolve("key.pem");
        Files.writeString(pem, OLD.toPemByScrypt("a long passphrase".toCharArray(), RANDOM));
        Path out = directory.resolve("plain.pem");
        Process openssl = new ProcessBuilder(
                        "/usr/bin/openssl", "pkcs8", "-in", pem.toString(), "-out", out.toString(), "-passin", "stdin")
                .redirectErrorStream(true)
                .start();
        try (var in = openssl.getOutputStream()) {
            in.write("a long passphrase\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        String said = new String(openssl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(openssl.exitValue()).as(said).isZero();
        assertThat(IdentityKey.fromPem(Files.readString(out)).peerId()).isEqualTo(OLD.peerId());
    }

    @Test
    void opensslsScryptIsRead(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "there is no openssl here");
        Path plain = directory.resolve("plain.pem");
        Path out = directory.resolve("scrypt.pem");
        Files.writeString(plain, OLD.toPem());
        Process openssl = new ProcessBuilder(
                        "/usr/bin/openssl",
                        "pkcs8",
                        "-topk8",
                        "-scrypt",
                        "-in",
                        plain.toString(),
                        "-out",
                        out.toString(),
                        "-passout",
                        "stdin")
                .redirectErrorStream(true)
                .start();
        try (var in = openssl.getOutputStream()) {
            in.write("another passphrase\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        String said = new String(openssl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(openssl.exitValue()).as(said).isZero();
        assertThat(IdentityKey.fromPem(Files.readString(out), "another passphrase".toCharArray())
                        .peerId())
                .isEqualTo(OLD.peerId());
    }

    private static Identity identity(IdentityKey key, List<byte[]> chain) {
        return Identity.of(key, "", "", chain);
    }
}
