package dev.parley.node.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.node.store.StoreException;
import dev.parley.node.store.Vault;
import dev.parley.node.store.Vaults;
import dev.parley.protocol.crypto.PeerId;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
    private static final int CHUNK = Spool.CHUNK;

    @TempDir
    Path home;

    private final Vault vault = Vaults.fresh();
    private final TransferKey key = key(1);
    private Spool spool;

    @BeforeEach
    void open() throws IOException {
        spool = Spool.open(home.resolve("spool"), vault, Set.of());
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7})
    void givesBackWhatWasPutIn(int size) throws IOException {
        byte[] content = content(size);
        write(key, content, 0);
        assertThat(read(key, size, CHUNK)).isEqualTo(content);
        assertThat(read(key, size, 1_000)).isEqualTo(content);
        assertThat(spool.has(key, size)).isTrue();
        assertThat(spool.bytes()).isEqualTo(Files.size(file(key))).isEqualTo(Spool.length(size));
    }

    @Test
    void showsNothingToWhoHasTheDiskAndBelongsToTheOwnerAlone() throws IOException {
        byte[] content = "attack at dawn ".repeat(10_000).getBytes();
        write(key, content, 0);
        assertThat(new String(Files.readAllBytes(file(key)), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("attack");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(key))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("spool"))))
                .isEqualTo("rwx------");
    }

    @Test
    void goesOnFromWhatWasDurableAndDropsTheRest() throws IOException {
        byte[] content = content(3 * CHUNK + 7);
        write(key, Arrays.copyOf(content, 3 * CHUNK), 0);
        Files.write(file(key), new byte[100], java.nio.file.StandardOpenOption.APPEND);
        spool = Spool.open(home.resolve("spool"), vault, Set.of(key));
        try (SpoolWriter writer = spool.resume(key, 2L * CHUNK)) {
            assertThat(writer.position()).isEqualTo(2L * CHUNK);
        }
        assertThat(Files.size(file(key))).isEqualTo(Spool.length(2L * CHUNK));
        write(key, content, 2 * CHUNK);
        assertThat(read(key, content.length, CHUNK)).isEqualTo(content);
        assertThat(spool.bytes()).isEqualTo(Spool.length(content.length));
    }

    @Test
    void beginsAnewWhereTheFileHasLessThanWasSaidOrIsGone() throws IOException {
        write(key, content(CHUNK), 0);
        try (SpoolWriter writer = spool.resume(key, 2L * CHUNK)) {
            assertThat(writer.position()).isZero();
        }
        Files.delete(file(key));
        try (SpoolWriter writer = spool.resume(key, CHUNK)) {
            assertThat(writer.position()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 30, CHUNK, Spool.SEALED_CHUNK, Spool.SEALED_CHUNK + 50})
    void whatWasChangedDoesNotOpen(long at) throws IOException {
        int size = 2 * CHUNK;
        write(key, content(size), 0);
        try (var file = new RandomAccessFile(file(key).toFile(), "rw")) {
            file.seek(at);
            int old = file.read();
            file.seek(at);
            file.write(old ^ 1);
        }
        assertThatThrownBy(() -> read(key, size, CHUNK)).isInstanceOf(StoreException.Unusable.class);
    }

    @Test
    void chunksThatChangedPlacesOrFilesDoNotOpen() throws IOException {
        int size = 2 * CHUNK;
        write(key, content(size), 0);
        byte[] sealed = Files.readAllBytes(file(key));
        byte[] swapped = new byte[sealed.length];
        System.arraycopy(sealed, Spool.SEALED_CHUNK, swapped, 0, Spool.SEALED_CHUNK);
        System.arraycopy(sealed, 0, swapped, Spool.SEALED_CHUNK, Spool.SEALED_CHUNK);
        Files.write(file(key), swapped);
        assertThatThrownBy(() -> read(key, size, CHUNK)).isInstanceOf(StoreException.Unusable.class);
        Files.write(file(key(2)), sealed);
        assertThatThrownBy(() -> read(key(2), size, CHUNK)).isInstanceOf(StoreException.Unusable.class);
    }

    @Test
    void whatWasCutOffIsMissed() throws IOException {
        write(key, content(2 * CHUNK), 0);
        try (var file = new RandomAccessFile(file(key).toFile(), "rw")) {
            file.setLength(Spool.SEALED_CHUNK);
        }
        assertThat(spool.has(key, 2 * CHUNK)).isFalse();
        assertThatThrownBy(() -> read(key, 2 * CHUNK, CHUNK)).isInstanceOf(EOFException.class);
    }

    @Test
    void whatBelongsToNoTransferIsDeletedAtTheStart() throws IOException {
        write(key, content(10), 0);
        write(key(2), content(20), 0);
        spool = Spool.open(home.resolve("spool"), vault, Set.of(key(2)));
        assertThat(file(key)).doesNotExist();
        assertThat(spool.bytes()).isEqualTo(Spool.length(20));
        spool.remove(key(2));
        assertThat(file(key(2))).doesNotExist();
        assertThat(spool.bytes()).isZero();
    }

    private Path file(TransferKey of) {
        return home.resolve("spool").resolve(of.fileName());
    }

    private void write(TransferKey to, byte[] content, int from) throws IOException {
        try (SpoolWriter writer = from == 0 ? spool.create(to) : spool.resume(to, from)) {
            for (int at = from; at < content.length; at += CHUNK) {
                int length = Math.min(CHUNK, content.length - at);
                writer.append(Arrays.copyOfRange(content, at, at + length), length);
            }
            writer.force();
        }
    }

    private byte[] read(TransferKey from, int size, int most) throws IOException {
        var all = new ByteArrayOutputStream();
        try (SpoolReader reader = spool.read(from, size)) {
            while (all.size() < size) {
                all.write(reader.read(all.size(), most));
            }
        }
        return all.toByteArray();
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static TransferKey key(int n) {
        byte[] peer = new byte[PeerId.LENGTH];
        peer[0] = 7;
        return new TransferKey(PeerId.of(peer), new UUID(0x7000, 0x8000_0000_0000_0000L | n), false);
    }
}
