package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search that finds nothing proves something only if it would have found it. */
class TracesTest {
    private static final byte[] SECRET = random(24);

    @TempDir
    Path root;

    private final Traces traces = new Traces();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void findsASecretInBase64WhereverItBegins(int before) throws Exception {
        byte[] text = new byte[before + SECRET.length + 7];
        System.arraycopy(SECRET, 0, text, before, SECRET.length);
        write("a/b/c", Base64.getEncoder().encodeToString(text).getBytes(StandardCharsets.US_ASCII));
        write("d", Base64.getUrlEncoder().withoutPadding().encodeToString(text).getBytes(StandardCharsets.US_ASCII));
        traces.add("secret", SECRET);
        assertThat(traces.in(root, file -> false))
                .anyMatch(found -> found.startsWith("a/b/c: secret in base64"))
                .anyMatch(found -> found.startsWith("d: secret in base64"));
    }

    @Test
    void findsItAsItIsAndInHexadecimalAndNothingElse() throws Exception {
        byte[] inside = new byte[100];
        System.arraycopy(SECRET, 0, inside, 33, SECRET.length);
        write("raw", inside);
        write("hex", HexFormat.of().formatHex(inside).getBytes(StandardCharsets.US_ASCII));
        write("HEX", HexFormat.of().withUpperCase().formatHex(inside).getBytes(StandardCharsets.US_ASCII));
        write("other", random(1_000));
        write("excepted", inside);
        traces.add("secret", SECRET);
        assertThat(traces.in(root, file -> file.endsWith("excepted")))
                .containsExactlyInAnyOrder(
                        "raw: secret as it is", "hex: secret in hexadecimal", "HEX: secret in upper case hexadecimal");
    }

    private void write(String name, byte[] content) throws Exception {
        var file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
