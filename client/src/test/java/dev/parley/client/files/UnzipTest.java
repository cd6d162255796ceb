package dev.parley.client.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnzipTest {
    @TempDir
    Path outside;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(outside.resolve("in"));
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                if (!name.endsWith("/")) {
                    zip.write("content".getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return out.toByteArray();
    }

    private Path unpack(byte[] archive, long limit) throws IOException {
        return new Unzip(limit).unpack(new ByteArrayInputStream(archive), directory, "name");
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    @Test
    void severalThingsGetAFolder() throws Exception {
        Path made = unpack(zip("a.txt", "b/c.txt", "empty/"), 1000);
        assertThat(made).isEqualTo(directory.resolve("name"));
        assertThat(made.resolve("b/c.txt")).hasContent("content");
        assertThat(made.resolve("empty")).isEmptyDirectory();
    }

    @Test
    void oneFolderIsItsOwnAndTakesNobodysPlace() throws Exception {
        byte[] archive = zip("trip/", "trip/.hidden");
        assertThat(unpack(archive, 1000)).isEqualTo(directory.resolve("trip"));
        assertThat(unpack(archive, 1000)).isEqualTo(directory.resolve("trip (1)"));
        assertThat(directory.resolve("trip (1)/.hidden")).hasContent("content");
        assertThat(files()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "a/../../x",
                "/etc/x",
                "a//x",
                "a/./x",
                "..\\x",
                "c:x",
                "a/con",
                "a\u0000b",
                "a\u202e",
                "a/\u001b[2J",
                "x. ",
                "..",
                "a/...",
                "NUL.txt"
            })
    void namesThatLeadAstrayAreRefusedAndNothingStays(String name) throws Exception {
        byte[] archive = zip("good.txt", name);
        assertThatThrownBy(() -> unpack(archive, 1000)).isInstanceOf(ZipException.class);
        assertThat(files()).isZero();
        assertThat(outside.resolve("x")).doesNotExist();
    }

    @Test
    void bombsAreCounted() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("zeros"));
            zip.write(new byte[10 << 20]);
        }
        assertThat(out.size()).isLessThan(100_000);
        assertThatThrownBy(() -> unpack(out.toByteArray(), 1 << 20)).hasMessage("it holds more than 1048576 bytes");
        assertThatThrownBy(() -> unpack(zip("a/".repeat(101)), 1)).hasMessageContaining("too deep");
        assertThat(files()).isZero();
    }

    @Test
    void whatIsNoArchive() throws Exception {
        assertThatThrownBy(() -> unpack(new byte[] {1, 2, 3}, 1000)).hasMessageContaining("not a zip archive");
        byte[] cut = zip("a.txt");
        assertThatThrownBy(() -> unpack(java.util.Arrays.copyOf(cut, 35), 1000)).isInstanceOf(IOException.class);
        // A file where another one's folder would have to be.
        assertThatThrownBy(() -> unpack(zip("a", "a/b"), 1000)).isInstanceOf(IOException.class);
        assertThat(files()).isZero();
    }
}
