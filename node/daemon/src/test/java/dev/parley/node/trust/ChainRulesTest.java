package dev.parley.node.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.node.config.NamePattern;
import dev.parley.node.testing.Certs;
import dev.parley.node.testing.Certs.Ca;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which chains are valid, case by case. */
class ChainRulesTest {

    private static final PublicKey KEY = Certs.rsa(2048).getPublic();
    private static final Instant NOW = Instant.now();

    private final Ca root = Certs.root("root");
    private final ChainRules rules = rules(root);

    @Test
    void aGoodChainNamesItsHolderAndSaysUntilWhen() throws Exception {
        Ca middle = root.below("middle", Certs.authority().to(NOW.plus(Duration.ofDays(5))));
        byte[] leaf = middle.issue(KEY, Certs.peer("web-1.example", "spiffe://example/web"));
        Certified certified = rules.validate(List.of(leaf, middle.der()), NOW);
        assertThat(certified.names()).containsExactly("web-1.example", "spiffe://example/web");
        assertThat(certified.keys())
                .containsExactlyInAnyOrder(
                        RevokedKeys.id(KEY),
                        RevokedKeys.id(root.pair().getPublic()),
                        RevokedKeys.id(middle.pair().getPublic()));
        assertThat(Duration.between(NOW, certified.notAfter()))
                .as("the least of the path")
                .isLessThanOrEqualTo(Duration.ofDays(5));
        assertThat(rules.validate(List.of(leaf, middle.der(), root.der()), NOW).names())
                .as("the root at the end does no harm")
                .hasSize(2);
    }

    @Test
    void usagesMayBeLeftOut() throws Exception {
        byte[] leaf = root.issue(KEY, new Certs.Spec().names("a"));
        assertThat(rules.validate(List.of(leaf), NOW).names()).containsExactly("a");
    }

    @Test
    void whatIsShownMustBeWholeAndInOrder() {
        Ca middle = root.below("middle", Certs.authority());
        byte[] leaf = middle.issue(KEY, Certs.peer("a"));
        refused("shows no certificate");
        refused("damaged", new byte[] {1, 2, 3});
        refused("damaged", new byte[14_000]);
        refused("damaged", Certs.pem(leaf).getBytes(StandardCharsets.US_ASCII));
        refused("does not lead to an authority", leaf);
        refused("", leaf, root.der());
        refused("", middle.der(), leaf);
        refused("authority's own", root.der());
        refused("authority's, not a peer's", middle.der());
    }

    @Test
    void anotherAuthorityOfTheSameNameIsAnother() {
        Ca impostor = Certs.root("root");
        refused("", impostor.issue(KEY, Certs.peer("a")));
        refused("does not lead", Certs.root("other").issue(KEY, Certs.peer("a")));
    }

    @Test
    void timesCountOnEveryStep() {
        Instant past = NOW.minus(Duration.ofDays(2));
        refused("has expired", root.issue(KEY, Certs.peer("a").from(past).to(NOW.minusSeconds(2))));
        refused("not valid before", root.issue(KEY, Certs.peer("a").from(NOW.plusSeconds(60))));
        Ca old = root.below("old", Certs.authority().from(past).to(NOW.minusSeconds(2)));
        refused("certificate 2 of its chain has expired", old.issue(KEY, Certs.peer("a")), old.der());
        Ca ended = Certs.root("ended", Certs.authority().from(past).to(NOW.minusSeconds(2)));
        refused(rules(ended), "authority's certificate has expired", ended.issue(KEY, Certs.peer("a")));
    }

    @Test
    void onlyAnAuthoritySignsAndOnlyAPeerIsLetIn() {
        var pair = Certs.ec();
        Ca peer = new Ca("leaf", pair, root.issue(pair.getPublic(), Certs.peer("p")));
        refused("not for signing", peer.issue(KEY, Certs.peer("a")), peer.der());
        Ca bare = new Ca("leaf", pair, root.issue(pair.getPublic(), new Certs.Spec().names("p")));
        refused("no authority's", bare.issue(KEY, Certs.peer("a")), bare.der());
        Ca cannotSign = root.below("x", Certs.authority().usage(KeyUsage.digitalSignature));
        refused("not for signing", cannotSign.issue(KEY, Certs.peer("a")), cannotSign.der());
        refused("authority's, not a peer's", root.issue(KEY, Certs.authority().names("a")));
    }

    @Test
    void usagesCount() {
        refused("key encipherment", root.issue(KEY, Certs.peer("a").usage(KeyUsage.digitalSignature)));
        refused("server and client", root.issue(KEY, Certs.peer("a").purposes(KeyPurposeId.id_kp_serverAuth)));
        refused("server and client", root.issue(KEY, Certs.peer("a").purposes(KeyPurposeId.id_kp_codeSigning)));
        Ca forCode = root.below("code", Certs.authority().purposes(KeyPurposeId.id_kp_codeSigning));
        refused("certificate 2", forCode.issue(KEY, Certs.peer("a")), forCode.der());
    }

    @Test
    void pathLengthsCountOfIntermediatesAndOfTheAnchor() {
        Ca limited = root.below("limited", Certs.authority().pathLength(0));
        Ca beyond = limited.below("beyond", Certs.authority());
        refused("", beyond.issue(KEY, Certs.peer("a")), beyond.der(), limited.der());
        Ca shortRoot = Certs.root("short", Certs.authority().pathLength(0));
        Ca below = shortRoot.below("below", Certs.authority());
        refused(rules(shortRoot), "so many authorities", below.issue(KEY, Certs.peer("a")), below.der());
    }

    @Test
    void sevenAuthoritiesAreAsGoodAsOne() throws Exception {
        List<byte[]> chain = new ArrayList<>();
        Ca last = root;
        for (int i = 1; i <= 7; i++) {
            last = last.below("ca" + i, Certs.authority());
            chain.addFirst(last.der());
        }
        chain.addFirst(last.issue(KEY, Certs.peer("deep")));
        assertThat(chain).hasSize(8);
        assertThat(rules.validate(chain, NOW).names()).containsExactly("deep");
        chain.remove(4);
        assertThatThrownBy(() -> rules.validate(chain, NOW)).isInstanceOf(RefusedChainException.class);
    }

    @Test
    void weakAlgorithmsAreRefused() throws Exception {
        Ca rsa = Certs.root("rsa", Certs.rsa(2048), Certs.authority().signature("SHA256withRSA"));
        ChainRules ofRsa = rules(rsa);
        refused(ofRsa, "SHA1", rsa.issue(KEY, Certs.peer("a").signature("SHA1withRSA")));
        refused(ofRsa, "MD5", rsa.issue(KEY, Certs.peer("a").signature("MD5withRSA")));
        assertThat(ofRsa.validate(List.of(rsa.issue(KEY, Certs.peer("a").signature("SHA512withRSA"))), NOW)
                        .names())
                .hasSize(1);
        byte[] small = Certs.root("small", Certs.rsa(1024), Certs.authority().signature("SHA256withRSA"))
                .der();
        assertThatThrownBy(() -> anchors(small))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("RSA key");
    }

    @Test
    void namesAreNeededAndMayBeLimited() throws Exception {
        refused("names nobody", root.issue(KEY, Certs.peer()));
        refused("names nobody", root.issue(KEY, Certs.peer("*.example")));
        ChainRules limited = new ChainRules(
                anchors(root.der()),
                List.of(NamePattern.of("*.fleet.example"), NamePattern.of("spiffe://example/ns/*/sa/parley")));
        assertThat(limited.validate(List.of(root.issue(KEY, Certs.peer("x", "Web.Fleet.Example"))), NOW)
                        .names())
                .containsExactly("Web.Fleet.Example");
        assertThat(limited.validate(List.of(root.issue(KEY, Certs.peer("spiffe://example/ns/p/sa/parley"))), NOW)
                        .names())
                .hasSize(1);
        for (String other : List.of(
                "fleet.example", "a.b.fleet.example", "web.fleet.example.net", "spiffe://example/ns/p/q/sa/parley")) {
            refused(limited, "parley.trust.ca.names", root.issue(KEY, Certs.peer(other)));
        }
    }

    @Test
    void nameConstraintsOfTheRootHold() throws Exception {
        Ca constrained = Certs.root("constrained", Certs.authority().permitted("fleet.example"));
        ChainRules theirs = rules(constrained);
        assertThat(theirs.validate(List.of(constrained.issue(KEY, Certs.peer("web.fleet.example"))), NOW)
                        .names())
                .hasSize(1);
        refused(theirs, "may not give", constrained.issue(KEY, Certs.peer("web.other.example")));
    }

    @Test
    void aBadFileOfAnchorsIsAnError() {
        byte[] peers = root.issue(KEY, Certs.peer("a"));
        for (String bad : List.of(
                "",
                "garbage",
                Certs.pem(peers),
                Certs.pem(root.der(), peers),
                Certs.pem(root.der()) + "-----BEGIN CERTIFICATE-----\nMII",
                Certs.pem(root.der()).substring(0, 200),
                Certs.pem(new byte[] {1, 2, 3}),
                Certs.pem(root.der()) + "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n")) {
            assertThatThrownBy(() -> Anchors.parse(bad.getBytes(StandardCharsets.US_ASCII)))
                    .as(bad)
                    .isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void aChainMadeByOpensslIsAsGood(@TempDir Path home) throws Exception {
        Assumptions.assumeTrue(openssl(home, "version"));
        Files.writeString(
                home.resolve("ca.ext"), "basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign\n");
        Files.writeString(
                home.resolve("leaf.ext"),
                "subjectAltName=DNS:web.example,URI:spiffe://e/web\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
                        + "extendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:false\n");
        for (String[] command : new String[][] {
            {
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=root",
                "-days",
                "9",
                "-keyout",
                "root.key",
                "-out",
                "root.crt"
            },
            {
                "req",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=middle",
                "-keyout",
                "middle.key",
                "-out",
                "middle.csr"
            },
            {
                "x509",
                "-req",
                "-in",
                "middle.csr",
                "-CA",
                "root.crt",
                "-CAkey",
                "root.key",
                "-CAcreateserial",
                "-days",
                "8",
                "-extfile",
                "ca.ext",
                "-out",
                "middle.crt"
            },
            {"req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=web", "-keyout", "leaf.key", "-out", "leaf.csr"},
            {
                "x509",
                "-req",
                "-in",
                "leaf.csr",
                "-CA",
                "middle.crt",
                "-CAkey",
                "middle.key",
                "-CAcreateserial",
                "-days",
                "7",
                "-extfile",
                "leaf.ext",
                "-out",
                "leaf.crt"
            }
        }) {
            assertThat(openssl(home, command)).as(String.join(" ", command)).isTrue();
        }
        ChainRules theirs = new ChainRules(Anchors.parse(Files.readAllBytes(home.resolve("root.crt"))), List.of());
        List<byte[]> chain = new ArrayList<>();
        for (String file : List.of("leaf.crt", "middle.crt")) {
            chain.add(CertificatePem.read(Files.readAllBytes(home.resolve(file)))
                    .getFirst()
                    .getEncoded());
        }
        assertThat(theirs.validate(chain, Instant.now()).names()).containsExactly("web.example", "spiffe://e/web");
        chain.removeLast();
        assertThatThrownBy(() -> theirs.validate(chain, Instant.now())).isInstanceOf(RefusedChainException.class);
    }

    private static boolean openssl(Path in, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                            .directory(in.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (java.io.IOException absent) {
            return false;
        }
    }

    private void refused(String why, byte[]... chain) {
        refused(rules, why, chain);
    }

    private static void refused(ChainRules rules, String why, byte[]... chain) {
        assertThatThrownBy(() -> rules.validate(List.of(chain), Instant.now()))
                .isInstanceOf(RefusedChainException.class)
                .hasMessageContaining(why);
    }

    private static ChainRules rules(Ca... roots) {
        try {
            byte[][] all = new byte[roots.length][];
            for (int i = 0; i < roots.length; i++) {
                all[i] = roots[i].der();
            }
            return new ChainRules(anchors(all), List.of());
        } catch (BadFileException e) {
            throw new AssertionError(e);
        }
    }

    private static Anchors anchors(byte[]... roots) throws BadFileException {
        return Anchors.parse(Certs.pem(roots).getBytes(StandardCharsets.US_ASCII));
    }
}
