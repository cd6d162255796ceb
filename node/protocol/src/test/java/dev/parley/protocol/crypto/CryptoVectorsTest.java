package dev.parley.protocol.crypto;

import static dev.parley.protocol.Vectors.hex;
import static dev.parley.protocol.Vectors.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.protocol.ScriptedRandom;
import dev.parley.protocol.Vectors;
import dev.parley.protocol.wire.MalformedException;
import java.nio.ByteBuffer;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CryptoVectorsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int THREADS = 4;
    private static final int UNWRAPS = 25;

    static List<Crypto> cryptos() {
        return Vectors.cryptos();
    }

    static Stream<JsonNode> xwing() {
        return stream(Vectors.root().get("xwing"));
    }

    static Stream<JsonNode> refusedXwing() {
        return stream(Vectors.root().get("xwing_refused"));
    }

    static Stream<Arguments> seals() {
        return each(Vectors.root().get("suites").get("seal"));
    }

    static Stream<Arguments> mustNotOpen() {
        return each(Vectors.root().get("suites").get("must_not_open"));
    }

    static Stream<Arguments> rsa() {
        return each(Vectors.root().get("rsa"));
    }

    static Stream<JsonNode> goodIdentities() {
        return stream(Vectors.root().get("identity").get("good"));
    }

    static Stream<JsonNode> refusedIdentities() {
        return stream(Vectors.root().get("identity").get("refused"));
    }

    private static Stream<Arguments> each(JsonNode array) {
        return cryptos().stream().flatMap(crypto -> stream(array).map(vector -> Arguments.of(crypto, vector)));
    }

    @ParameterizedTest
    @MethodSource("xwing")
    void reproducesXWing(JsonNode vector) throws CryptoException {
        try (Secret seed = Secret.own(hex(vector, "seed"))) {
            assertThat(XWing.decapsulate(seed, hex(vector, "ct")).reveal()).isEqualTo(hex(vector, "ss"));
        }
        if (vector.has("pk")) {
            XWing.KeyPair pair = XWing.generate(new ScriptedRandom().then(hex(vector, "seed")));
            assertThat(pair.publicKey()).isEqualTo(hex(vector, "pk"));
        }
        if (vector.has("eseed")) {
            XWing.Encapsulation made =
                    XWing.encapsulate(hex(vector, "pk"), new ScriptedRandom().then(hex(vector, "eseed")));
            assertThat(made.ciphertext()).isEqualTo(hex(vector, "ct"));
            assertThat(made.sharedSecret().reveal()).isEqualTo(hex(vector, "ss"));
        }
    }

    @ParameterizedTest
    @MethodSource("refusedXwing")
    void refusesBadXWing(JsonNode vector) {
        assertThatThrownBy(() -> {
                    if (vector.has("pk")) {
                        XWing.encapsulate(hex(vector, "pk"), RANDOM);
                    } else {
                        XWing.decapsulate(Secret.own(hex(vector, "seed")), hex(vector, "ct"));
                    }
                })
                .isInstanceOf(CryptoException.class);
    }

    @Test
    void refusesXWingOfAnotherLength() {
        assertThatThrownBy(() -> XWing.encapsulate(new byte[XWing.PUBLIC_KEY + 1], RANDOM))
                .isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> XWing.decapsulate(Secret.own(new byte[32]), new byte[XWing.CIPHERTEXT - 1]))
                .isInstanceOf(CryptoException.class);
    }

    @Test
    void reproducesHkdf() {
        JsonNode vector = Vectors.root().get("hkdf").get("rfc5869_a1");
        Secret prk = Hash.extract(Secret.own(hex(vector, "salt")), Secret.own(hex(vector, "ikm")));
        assertThat(prk.reveal()).isEqualTo(hex(vector, "prk"));
        assertThat(Hash.expand(prk, hex(vector, "info"), 42).reveal()).isEqualTo(hex(vector, "okm42"));
    }

    @ParameterizedTest
    @MethodSource("cryptos")
    void reproducesRfc7518AppendixB3(Crypto crypto) throws Exception {
        JsonNode vector = Vectors.root().get("suites").get("rfc7518_b3");
        // Our AAD is ad | u64(n): the last 8 bytes of the RFC's AAD stand for n here.
        ByteBuffer aad = ByteBuffer.wrap(hex(vector, "aad"));
        byte[] ad = new byte[aad.remaining() - Long.BYTES];
        aad.get(ad);
        long n = aad.getLong();
        byte[] expected = concat(hex(vector, "iv"), hex(vector, "ciphertext"), hex(vector, "tag"));
        try (Aead aead = Aead.of(
                Suite.A256CBC_HS512,
                Secret.own(hex(vector, "key")),
                crypto,
                new ScriptedRandom().then(hex(vector, "iv")))) {
            assertThat(aead.seal(n, ad, hex(vector, "plaintext"))).isEqualTo(expected);
            assertThat(aead.open(n, ad, expected)).isEqualTo(hex(vector, "plaintext"));
        }
    }

    @ParameterizedTest
    @MethodSource("seals")
    void reproducesSeals(Crypto crypto, JsonNode vector) throws Exception {
        try (Aead aead = aead(crypto, vector)) {
            byte[] sealed = hex(vector, "sealed");
            assertThat(aead.seal(n(vector), hex(vector, "ad"), hex(vector, "plaintext")))
                    .isEqualTo(sealed);
            assertThat(aead.open(n(vector), hex(vector, "ad"), sealed)).isEqualTo(hex(vector, "plaintext"));
            assertThat(aead.suite().sealedLength(hex(vector, "plaintext").length))
                    .isEqualTo(sealed.length);
        }
    }

    @ParameterizedTest
    @MethodSource("mustNotOpen")
    void doesNotOpenWhatIsNotAuthentic(Crypto crypto, JsonNode vector) {
        try (Aead aead = aead(crypto, vector)) {
            assertThatThrownBy(() -> aead.open(n(vector), hex(vector, "ad"), hex(vector, "sealed")))
                    .isInstanceOf(CryptoException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("rsa")
    void wrapsAndUnwraps(Crypto crypto, JsonNode vector) throws Exception {
        IdentityKey key = Vectors.key(vector.get("key").asText());
        assertThat(key.spki()).isEqualTo(hex(vector, "spki"));
        assertThat(key.bits()).isEqualTo(vector.get("bits").asInt());
        assertThat(key.peerId()).hasToString(vector.get("peer_id_text").asText());
        assertThat(PeerId.parse(vector.get("peer_id_text").asText()).bytes()).isEqualTo(hex(vector, "peer_id"));

        byte[] wrap = hex(vector, "wrap");
        assertThat(KeyTransport.unwrap(key, wrap, crypto, RANDOM).reveal()).isEqualTo(hex(vector, "secret"));
        Secret secret = Secret.own(hex(vector, "secret"));
        byte[] made = KeyTransport.wrap(key.publicKey(), secret, crypto, RANDOM);
        assertThat(made).hasSize(KeyTransport.wrapLength(key.publicKey()));
        assertThat(KeyTransport.unwrap(key, made, crypto, RANDOM).reveal()).isEqualTo(hex(vector, "secret"));
        // Only the JDK takes its OAEP seed from the caller.
        assertThat(KeyTransport.wrap(
                        key.publicKey(), secret, Crypto.jdk(), new ScriptedRandom().then(hex(vector, "oaep_seed"))))
                .isEqualTo(wrap);
    }

    @ParameterizedTest
    @MethodSource("rsa")
    void rejectsWrapsImplicitly(Crypto crypto, JsonNode vector) {
        IdentityKey key = Vectors.key(vector.get("key").asText());
        byte[] substitute = new byte[KeyTransport.SECRET];
        RANDOM.nextBytes(substitute);
        for (JsonNode bad : vector.get("implicit_rejection")) {
            ScriptedRandom random = new ScriptedRandom().then(substitute);
            assertThat(KeyTransport.unwrap(key, hex(bad, "wrap"), crypto, random)
                            .reveal())
                    .as(bad.get("what").asText())
                    .isEqualTo(substitute);
        }
    }

    @ParameterizedTest
    @MethodSource("cryptos")
    void translatesTheIdentityKeyOnceForItsProvider(Crypto crypto) {
        IdentityKey key = Vectors.key("responder_rsa3072");
        PrivateKey translated = key.reveal(crypto);
        assertThat(key.reveal(crypto)).isSameAs(translated);
        // What a provider has to translate first is of another one's package.
        assertThat(translated.getClass().getPackageName().contains("corretto"))
                .isEqualTo(crypto.name().equals("Corretto"));
    }

    /** One key, shared by the threads of a node, with good wraps and bad ones side by side. */
    @ParameterizedTest
    @MethodSource("cryptos")
    void severalThreadsUnwrapWithOneKey(Crypto crypto) throws Exception {
        IdentityKey key = Vectors.key("initiator_rsa2048");
        byte[] good = new byte[KeyTransport.SECRET];
        RANDOM.nextBytes(good);
        byte[] wrap = KeyTransport.wrap(key.publicKey(), Secret.own(good.clone()), crypto, RANDOM);
        byte[] flipped = wrap.clone();
        flipped[wrap.length - 1] ^= 1;
        Callable<Void> unwraps = () -> {
            for (int i = 0; i < UNWRAPS; i++) {
                byte[] substitute = new byte[KeyTransport.SECRET];
                RANDOM.nextBytes(substitute);
                ScriptedRandom scripted = new ScriptedRandom().then(substitute);
                assertThat(KeyTransport.unwrap(key, flipped, crypto, scripted).reveal())
                        .isEqualTo(substitute);
                assertThat(KeyTransport.unwrap(key, wrap, crypto, RANDOM).reveal())
                        .isEqualTo(good);
            }
            return null;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Future<Void> thread : threads.invokeAll(Collections.nCopies(THREADS, unwraps))) {
                thread.get();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goodIdentities")
    void readsAndWritesIdentities(JsonNode vector) throws MalformedException {
        Identity parsed = Identity.parse(hex(vector, "encoded"));
        assertThat(parsed.publicKey().getEncoded()).isEqualTo(hex(vector, "spki"));
        assertThat(parsed.name()).isEqualTo(vector.get("name").asText());
        assertThat(parsed.address()).isEqualTo(vector.get("address").asText());
        IdentityKey key = Vectors.key("initiator_rsa2048");
        assertThat(Identity.of(key, parsed.name(), parsed.address(), parsed.chain())
                        .encode())
                .isEqualTo(hex(vector, "encoded"));
    }

    @ParameterizedTest
    @MethodSource("refusedIdentities")
    void refusesIdentities(JsonNode vector) {
        assertThatThrownBy(() -> Identity.parse(hex(vector, "encoded")))
                .as(vector.get("what").asText())
                .isInstanceOf(MalformedException.class);
    }

    private static Aead aead(Crypto crypto, JsonNode vector) {
        Suite suite = Suite.of(vector.get("suite").asInt()).orElseThrow();
        ScriptedRandom random = new ScriptedRandom();
        if (vector.has("iv")) {
            random.then(hex(vector, "iv"));
        }
        return Aead.of(suite, Secret.own(hex(vector, "key")), crypto, random);
    }

    private static long n(JsonNode vector) {
        return Long.parseUnsignedLong(vector.get("n").asText());
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer out =
                ByteBuffer.allocate(Stream.of(parts).mapToInt(p -> p.length).sum());
        for (byte[] part : parts) {
            out.put(part);
        }
        return out.array();
    }
}
