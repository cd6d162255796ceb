package dev.parley.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.authority.Authority.Algorithm;
import dev.parley.authority.AuthorityException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuthorityTest {

    private static final Duration LONG = Duration.ofDays(1_000);
    private static final Duration SHORT = Duration.ofDays(90);
    private static final Clock CLOCK = Clock.systemUTC();
    private static KeyPair node;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        node = generator.generateKeyPair();
    }

    @Test
    void filesAreWhatTheyShouldBeAndTheKeyNeedsItsPassphrase() throws Exception {
        Path ca = directory.resolve("ca");
        Authority.create(ca, "fleet", LONG, Algorithm.EC_P256, secret("horse"), CLOCK);
        assertThat(mode(ca)).isEqualTo("rwx------");
        assertThat(mode(ca.resolve("ca.key"))).isEqualTo("rw-------");
        Authority again = Authority.open(ca, CLOCK);
        assertThat(again.needsPassphrase()).isTrue();
        assertThatThrownBy(() -> again.issue(applicant(), List.of("a"), SHORT, Optional.empty()))
                .satisfies(refused -> assertKind(refused, Kind.PASSPHRASE));
        assertThatThrownBy(() -> again.issue(applicant(), List.of("a"), SHORT, secret("cow")))
                .satisfies(refused -> assertKind(refused, Kind.PASSPHRASE));
        assertThat(again.issue(applicant(), List.of("a"), SHORT, secret("horse"))
                        .names())
                .containsExactly("a");
        assertThatThrownBy(() -> Authority.create(ca, "x", LONG, Algorithm.EC_P256, secret("x"), CLOCK))
                .satisfies(refused -> assertKind(refused, Kind.EXISTS));
    }

    @Test
    void aCertificateHasWhatAPeerNeeds() throws Exception {
        Authority authority = make(Algorithm.EC_P256);
        Issued issued = authority.issue(applicant(), List.of("web.example", "spiffe://e/web"), SHORT, Optional.empty());
        X509Certificate leaf = parse(issued.pem());
        X509Certificate root = parse(Files.readString(authority.certificateFile()));
        leaf.verify(root.getPublicKey());
        assertThat(leaf.getPublicKey()).isEqualTo(node.getPublic());
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getKeyUsage()).startsWith(true, false, true, false);
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(leaf.getSubjectAlternativeNames()).hasSize(2);
        assertThat(leaf.getCriticalExtensionOIDs()).contains("2.5.29.19", "2.5.29.15");
        assertThat(root.getBasicConstraints()).isZero();
        assertThat(root.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
        assertThat(leaf.getSerialNumber().bitLength()).isEqualTo(127);
        assertThat(issued.peerId()).hasSize(52).isEqualTo(applicant().peerId());
        assertThat(authority
                        .issue(applicant(), List.of("b"), SHORT, Optional.empty())
                        .serial())
                .isNotEqualTo(issued.serial());
        assertThat(authority.issued()).hasSize(2);
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        Authority authority = make(Algorithm.EC_P256);
        for (String name : List.of("", "with space", "ümlaut", "-x", "a\nb", "x".repeat(300))) {
            assertThatThrownBy(() -> authority.issue(applicant(), List.of(name), SHORT, Optional.empty()))
                    .as(name)
                    .isInstanceOf(AuthorityException.class);
        }
        assertThatThrownBy(() -> authority.issue(applicant(), List.of("a"), LONG.plusDays(1), Optional.empty()))
                .satisfies(refused -> assertKind(refused, Kind.REFUSED));
        Path garbage = Files.writeString(
                directory.resolve("garbage"),
                "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n");
        assertThatThrownBy(() -> Applicant.ofRequest(garbage)).isInstanceOf(AuthorityException.class);
        assertThatThrownBy(() -> Applicant.ofPublicKey(garbage)).isInstanceOf(AuthorityException.class);
        assertThatThrownBy(() -> Applicant.ofRequest(directory.resolve("none"))).hasMessageContaining("there is no");
    }

    @Test
    void aRevokedKeyIsListedOnceAndGetsNoCertificate() throws Exception {
        Authority authority = make(Algorithm.EC_P256);
        Issued issued = authority.issue(applicant(), List.of("a"), SHORT, Optional.empty());
        Path certificate = Files.writeString(directory.resolve("leaf.crt"), issued.pem());
        assertThat(authority.revoke(certificate.toString(), "stolen\nabc")).isEqualTo(issued.peerId());
        authority.revoke(issued.peerId(), "again");
        assertThat(Files.readString(authority.revokedFile()))
                .containsOnlyOnce(issued.peerId())
                .contains("stolen abc");
        assertThat(authority.issued()).allMatch(Issued::revoked);
        assertThatThrownBy(() -> authority.issue(applicant(), List.of("a"), SHORT, Optional.empty()))
                .satisfies(refused -> assertKind(refused, Kind.REFUSED));
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    @EnabledIf("hasOpenssl")
    void opensslAgrees(Algorithm algorithm) throws Exception {
        Path ca = directory.resolve("ca");
        Authority authority = Authority.create(ca, "fleet", LONG, algorithm, secret("horse"), CLOCK);
        Path csr = directory.resolve("csr.pem");
        Path key = directory.resolve("key.pem");
        openssl(
                "req",
                "-new",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                key.toString(),
                "-out",
                csr.toString(),
                "-subj",
                "/CN=x",
                "-addext",
                "subjectAltName=DNS:x.example,URI:spiffe://e/x");
        Applicant applicant = Applicant.ofRequest(csr);
        assertThat(applicant.asked()).containsExactly("x.example", "spiffe://e/x");
        Issued issued = authority.issue(applicant, applicant.asked(), SHORT, secret("horse"));
        Path leaf = Files.writeString(directory.resolve("leaf.pem"), issued.pem());
        for (String purpose : List.of("sslserver", "sslclient")) {
            assertThat(openssl(
                            "verify",
                            "-x509_strict",
                            "-check_ss_sig",
                            "-purpose",
                            purpose,
                            "-verify_hostname",
                            "x.example",
                            "-CAfile",
                            authority.certificateFile().toString(),
                            leaf.toString()))
                    .contains(": OK");
        }
        assertThat(openssl("pkey", "-in", ca.resolve("ca.key").toString(), "-passin", "pass:horse", "-noout", "-check"))
                .contains("valid");
    }

    static boolean hasOpenssl() {
        try {
            openssl("version");
            return true;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private static String openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private Authority make(Algorithm algorithm) throws Exception {
        return Authority.create(directory.resolve("ca"), "fleet", LONG, algorithm, Optional.empty(), CLOCK);
    }

    private Applicant applicant() throws Exception {
        Path file = Files.writeString(
                directory.resolve("key.pub"),
                Pem.write("PUBLIC KEY", node.getPublic().getEncoded()));
        return Applicant.ofPublicKey(file);
    }

    private static Optional<char[]> secret(String text) {
        return Optional.of(text.toCharArray());
    }

    private static void assertKind(Throwable refused, Kind kind) {
        assertThat(refused)
                .isInstanceOfSatisfying(
                        AuthorityException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static X509Certificate parse(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }
}
