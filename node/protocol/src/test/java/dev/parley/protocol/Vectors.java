package dev.parley.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The test vectors of PSP/1, made by an independent implementation from the text of the protocol whose SHA-256 is
 * 2d6a640ca7b50f61a6eccb2b57779f832e304a3c8bd802189e89fb3c98de1285.
 */
public final class Vectors {
    private static final JsonNode ROOT = load();
    private static final Map<String, IdentityKey> KEYS = new ConcurrentHashMap<>();

    private Vectors() {}

    public static JsonNode root() {
        return ROOT;
    }

    public static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    public static byte[] hex(JsonNode node) {
        return HexFormat.of().parseHex(node.asText());
    }

    public static byte[] hex(JsonNode node, String field) {
        return hex(node.get(field));
    }

    public static IdentityKey key(String name) {
        return KEYS.computeIfAbsent(
                name, n -> IdentityKey.fromPem(ROOT.get("keys_pkcs8_pem").get(n).asText()));
    }

    /** Both providers, the native one only where it loads. */
    public static List<Crypto> cryptos() {
        return Crypto.best().name().equals("JDK") ? List.of(Crypto.jdk()) : List.of(Crypto.jdk(), Crypto.best());
    }

    private static JsonNode load() {
        try (InputStream in = Vectors.class.getResourceAsStream("vectors.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
