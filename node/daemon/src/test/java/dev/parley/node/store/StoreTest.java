package dev.parley.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.StoreEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.protocol.crypto.IdentityKey;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final byte[] PLACE = Vault.place("a test", new byte[] {1});
    private static final byte[] OTHER_PLACE = Vault.place("a test", new byte[] {2});
    private static final byte[] CONTENT = "what nobody else may read".getBytes(StandardCharsets.UTF_8);

    private static IdentityKey key;
    private static IdentityKey otherKey;

    @TempDir
    Path directory;

    private final List<AuditEvent> audited = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makeKeys() {
        key = IdentityKey.generate(2048, new SecureRandom());
        otherKey = IdentityKey.generate(2048, new SecureRandom());
    }

    @Test
    void whatIsSealedOpensInALaterRunAndNowhereElse() throws Exception {
        byte[] sealed;
        try (var first = new Opened()) {
            sealed = first.store.vault().seal(PLACE, CONTENT);
            assertThat(sealed).hasSize(CONTENT.length + Vault.OVERHEAD);
        }
        try (var second = new Opened()) {
            Vault vault = second.store.vault();
            assertThat(vault.open(PLACE, sealed)).isEqualTo(CONTENT);
            assertThat(vault.seal(PLACE, CONTENT)).isNotEqualTo(sealed);
            assertThatThrownBy(() -> vault.open(OTHER_PLACE, sealed)).isInstanceOf(StoreException.Unusable.class);
        }
    }

    @Test
    void noByteOfASealedValueCanBeChangedOrLeftOut() throws Exception {
        try (var opened = new Opened()) {
            Vault vault = opened.store.vault();
            byte[] sealed = vault.seal(PLACE, CONTENT);
            for (int i = 0; i < sealed.length; i++) {
                byte[] changed = sealed.clone();
                changed[i] ^= 1;
                assertThatThrownBy(() -> vault.open(PLACE, changed)).isInstanceOf(StoreException.Unusable.class);
                byte[] cut = java.util.Arrays.copyOf(sealed, i);
                assertThatThrownBy(() -> vault.open(PLACE, cut)).isInstanceOf(StoreException.Unusable.class);
            }
        }
    }

    @Test
    void theFilesHoldNothingThatIsSealed() throws Exception {
        try (var opened = new Opened()) {
            byte[] sealed = opened.store.vault().seal(PLACE, CONTENT);
            opened.store
                    .database()
                    .write(tx -> tx.update("INSERT INTO read_mark (peer, seq) VALUES (?, 1)", (Object) sealed))
                    .join();
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("nobody else");
            }
        }
    }

    @Test
    void anotherIdentityKeyIsRefused() throws Exception {
        new Opened().close();
        assertThatThrownBy(() -> new Opened(otherKey))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("another identity key");
    }

    @Test
    void anOlderCopyInItsPlaceIsSaidAloud() throws Exception {
        Path old = directory.resolve("old-copy");
        try (var opened = new Opened()) {
            opened.mark("before");
        }
        Files.copy(directory.resolve(Store.FILE), old);
        try (var opened = new Opened()) {
            opened.mark("after");
            assertThat(opened.store.warnings()).isEmpty();
        }
        Files.copy(old, directory.resolve(Store.FILE), StandardCopyOption.REPLACE_EXISTING);
        try (var opened = new Opened()) {
            assertThat(opened.store.warnings()).singleElement().asString().contains("older copy");
            assertThat(audited).hasAtLeastOneElementOfType(StoreEvent.StoreRolledBack.class);
        }
    }

    @Test
    void anotherStoreInItsPlaceIsSaidAloud() throws Exception {
        try (var opened = new Opened()) {
            opened.mark("first");
        }
        Files.delete(directory.resolve(Store.FILE));
        try (var opened = new Opened()) {
            assertThat(opened.store.warnings()).singleElement().asString().contains("another store");
        }
    }

    @Test
    void anOrdinaryRestartIsNotAccused() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (var opened = new Opened()) {
                opened.mark("run " + i);
                assertThat(opened.store.warnings()).isEmpty();
                assertThat(opened.store.stoppedCleanly()).isTrue();
            }
        }
    }

    @Test
    void aBackupTakesThePlaceOfTheStoreAtTheNextStart() throws Exception {
        Path backup;
        try (var opened = new Opened()) {
            opened.mark("in the backup");
            backup = opened.store.backup();
            opened.mark("after the backup");
            var content = opened.store.restoreAtNextStart(backup);
            assertThat(content.madeAt()).isNotNull();
            assertThat(opened.marks()).contains("after the backup");
        }
        try (var opened = new Opened()) {
            assertThat(opened.marks()).containsExactly("in the backup");
            assertThat(opened.store.warnings()).singleElement().asString().contains("restored");
            assertThat(audited).hasAtLeastOneElementOfType(StoreEvent.StoreRestored.class);
        }
        try (var opened = new Opened()) {
            assertThat(opened.store.warnings()).isEmpty();
        }
    }

    @Test
    void whatIsNoBackupIsRefusedAndNothingChanges() throws Exception {
        try (var opened = new Opened()) {
            Path wrong = directory.resolve("wrong");
            Files.writeString(wrong, "no database at all, however long ".repeat(300));
            assertThatThrownBy(() -> opened.store.restoreAtNextStart(wrong))
                    .isInstanceOf(StoreException.Unusable.class);
            Path live = directory.resolve("live");
            opened.store.database().copyTo(live).join();
            assertThatThrownBy(() -> opened.store.restoreAtNextStart(live))
                    .isInstanceOf(StoreException.Unusable.class)
                    .hasMessageContaining("no backup");
            Path backup = opened.store.backup();
            assertThatThrownBy(() -> Backups.check(backup, otherKey))
                    .isInstanceOf(StoreException.Unusable.class)
                    .hasMessageContaining("another identity key");
            assertThat(directory.resolve("store.restore")).doesNotExist();
        }
    }

    @Test
    void theStoreIsWrappedAnewForTheNextIdentityKey() throws Exception {
        byte[] sealed;
        try (var opened = new Opened()) {
            sealed = opened.store.vault().seal(PLACE, CONTENT);
        }
        for (int start = 0; start < 2; start++) {
            // The second time as after a death before the old key was put away.
            try (var opened = new Opened(otherKey, Optional.of(key))) {
                assertThat(opened.store.vault().open(PLACE, sealed)).isEqualTo(CONTENT);
            }
        }
        try (var opened = new Opened(otherKey)) {
            assertThat(opened.store.vault().open(PLACE, sealed)).isEqualTo(CONTENT);
        }
        assertThatThrownBy(() -> new Opened(key))
                .as("the old key opens it no more")
                .isInstanceOf(StoreException.Unusable.class);
        IdentityKey third = IdentityKey.generate(2048, new SecureRandom());
        assertThatThrownBy(() -> new Opened(third, Optional.of(key)))
                .as("neither of the two is right")
                .isInstanceOf(StoreException.Unusable.class);
    }

    /** A store that is open, as the node opens it. */
    private final class Opened implements AutoCloseable {
        final Store store;

        Opened() throws Exception {
            this(key);
        }

        Opened(IdentityKey of) throws Exception {
            this(of, Optional.empty());
        }

        Opened(IdentityKey of, Optional<IdentityKey> before) throws Exception {
            var config = new SmallRyeConfigBuilder()
                    .withSources(new PropertiesConfigSource(Map.of("parley.store.reserve", "0"), "test", 500))
                    .withConverter(io.quarkus.runtime.configuration.MemorySize.class, 500, new MemorySizeConverter())
                    .withConverter(
                            java.time.Duration.class, 500, new io.quarkus.runtime.configuration.DurationConverter())
                    .withMapping(ParleyConfig.class)
                    .build()
                    .getConfigMapping(ParleyConfig.class);
            store = new Store(
                    event -> {
                        audited.add(event);
                        return CompletableFuture.completedFuture(null);
                    },
                    config);
            store.open(directory, of, before);
        }

        void mark(String text) {
            store.database()
                    .write(tx -> tx.update("INSERT INTO peer_group (name, made_at) VALUES (?, 0)", text))
                    .join();
        }

        List<String> marks() {
            return store.database()
                    .read(tx -> tx.list("SELECT name FROM peer_group", row -> row.getString(1)))
                    .join();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
