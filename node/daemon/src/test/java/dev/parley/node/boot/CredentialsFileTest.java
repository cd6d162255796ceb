package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.boot.CredentialsFile.Address;
import dev.parley.node.boot.CredentialsFile.Malformed;
import dev.parley.node.boot.CredentialsFile.Missing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsFileTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1 4000",
                "10.0.0.1 4000\n",
                "10.0.0.1 4000\r\n",
                "  10.0.0.1 \t 4000  \n",
                "\n\n10.0.0.1 4000\n\n"
            })
    void anAddressWithWhiteSpaceAroundItIsRead(String text) throws IOException {
        assertThat(read(text)).isEqualTo(new Address(file(), "10.0.0.1", 4000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|1|it is empty",
                "' \\n '|1|it is empty",
                "'10.0.0.1'|1|the port is missing",
                "'10.0.0.1:4000'|1|between address and port belongs a space",
                "'10.0.0.1 4000 x'|1|there are extra words",
                "'\\n10.0.0.1 4000\\nx'|3|there is more after the address",
                "'10.0.0.256 4000'|1|the first word is not an IPv4 address",
                "'010.0.0.1 4000'|1|the first word is not an IPv4 address",
                "'localhost 4000'|1|the first word is not an IPv4 address",
                "'::1 4000'|1|the first word is not an IPv4 address",
                "'10.0.0.1 0'|1|the port is not a number from 1 to 65535",
                "'10.0.0.1 65536'|1|the port is not a number from 1 to 65535",
                "'10.0.0.1 -1'|1|the port is not a number from 1 to 65535",
                "'10.0.0.1 4000x'|1|the port is not a number from 1 to 65535",
            })
    void anythingElseIsToldWithItsLineAndWhatIsExpected(String text, int line, String problem) throws IOException {
        var malformed = read(text.replace("\\n", "\n"));
        assertThat(malformed).isEqualTo(new Malformed(file(), line, problem));
        assertThat(malformed.toString())
                .contains(file().toString(), ", line " + line, problem, "expected \"<ipv4> <port>\"")
                .doesNotContain("\n");
    }

    @Test
    void whatIsNotATextFileIsTold() throws IOException {
        assertThat(CredentialsFile.read(directory)).isEqualTo(new Malformed(directory, 0, "it is a directory"));
        Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(CredentialsFile.read(file())).isEqualTo(new Malformed(file(), 0, "it is not text"));
        Files.write(file(), new byte[5000]);
        assertThat(CredentialsFile.read(file())).isInstanceOf(Malformed.class);
    }

    @Test
    void whatIsWrittenIsReadAsTheDefault() throws IOException {
        assertThat(CredentialsFile.read(file())).isEqualTo(new Missing(file()));
        CredentialsFile.writeDefault(file());
        assertThat(CredentialsFile.read(file())).isEqualTo(new Address(file(), "127.0.0.1", 3001));
        try (var files = Files.list(directory)) {
            assertThat(files).as("nothing else is left behind").containsExactly(file());
        }
    }

    private CredentialsFile read(String text) throws IOException {
        Files.writeString(file(), text);
        return CredentialsFile.read(file());
    }

    private Path file() {
        return directory.resolve("CREDENTIALS.txt");
    }
}
