package dev.parley.node.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.testing.Certs;
import dev.parley.node.testing.Certs.Ca;
import dev.parley.node.trust.Authorities.Invalid;
import dev.parley.node.trust.Authorities.Revoked;
import dev.parley.node.trust.Authorities.Standing;
import dev.parley.node.trust.Authorities.Valid;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of trust mode ca: read, changed, swapped, damaged and taken away. */
class AuthoritiesTest {

    private static final IdentityKey KEY = IdentityKey.generate(2048, new SecureRandom());
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final List<String> events = new ArrayList<>();
    private final Ca root = Certs.root("root");
    private final Ca middle = root.below("middle", Certs.authority());
    private final Identity peer =
            Identity.of(KEY, "", "", List.of(middle.issue(KEY.publicKey(), Certs.peer("a")), middle.der()));
    private Path anchors;
    private Path revoked;

    @BeforeEach
    void write() throws IOException {
        anchors = Files.writeString(directory.resolve("ca.crt"), Certs.pem(root.der()));
        revoked = Files.writeString(directory.resolve("revoked.txt"), "# none\n");
    }

    @Test
    void aDamagedOrMissingFileOfAnchorsKeepsThoseOfBefore() throws IOException {
        Authorities authorities = load();
        assertThat(authorities.standing(peer)).isInstanceOf(Valid.class);
        Files.writeString(anchors, "garbage");
        awaitEvent(authorities, "ANCHORS_REFUSED", 1);
        assertThat(authorities.standing(peer)).isInstanceOf(Valid.class);
        assertThat(authorities.warnings()).singleElement().asString().contains("those read before stay in force");
        Files.delete(anchors);
        awaitEvent(authorities, "ANCHORS_REFUSED", 2);
        assertThat(authorities.standing(peer)).isInstanceOf(Valid.class);
        replace(anchors, Certs.pem(Certs.root("other").der()));
        awaitEvent(authorities, "ANCHORS_LOADED", 2);
        assertThat(authorities.standing(peer)).isInstanceOf(Invalid.class);
        assertThat(authorities.warnings()).isEmpty();
    }

    @Test
    void theDirectoryOfASymbolicLinkMayBeSwapped() throws IOException {
        Path first = Files.createDirectory(directory.resolve("..1"));
        Path second = Files.createDirectory(directory.resolve("..2"));
        Files.writeString(first.resolve("ca.crt"), Certs.pem(Certs.root("other").der()));
        Files.writeString(second.resolve("ca.crt"), Certs.pem(root.der()));
        Path data = Files.createSymbolicLink(directory.resolve("..data"), first);
        Path mounted = Files.createSymbolicLink(directory.resolve("mounted.crt"), Path.of("..data/ca.crt"));
        Authorities authorities = load(mounted, revoked);
        assertThat(authorities.standing(peer)).isInstanceOf(Invalid.class);
        Path fresh = Files.createSymbolicLink(directory.resolve("..fresh"), second);
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(SOON).until(() -> refreshed(authorities).standing(peer) instanceof Valid);
    }

    @Test
    void withoutAnyAnchorsNobodyIsLetIn() throws IOException {
        Files.delete(anchors);
        Authorities authorities = load();
        assertThat(authorities.standing(peer)).isInstanceOf(Invalid.class);
        assertThat(authorities.warnings()).singleElement().asString().contains("no peer is let in");
        Files.writeString(anchors, Certs.pem(root.der()));
        await().atMost(SOON).until(() -> refreshed(authorities).standing(peer) instanceof Valid);
    }

    @Test
    void aRevokedKeyStaysOutWithAnyCertificate() throws IOException {
        Authorities authorities = load();
        assertThat(authorities.standing(peer)).isInstanceOf(Valid.class);
        replace(revoked, KEY.peerId() + "  # stolen\n");
        await().atMost(SOON).until(() -> refreshed(authorities).standing(peer) instanceof Revoked);
        Identity again = Identity.of(KEY, "", "", List.of(root.issue(KEY.publicKey(), Certs.peer("b"))));
        assertThat(authorities.standing(again)).isInstanceOf(Revoked.class);
        assertThat(authorities.isRevoked(KEY.peerId())).isTrue();
        replace(revoked, "");
        await().atMost(SOON).until(() -> refreshed(authorities).standing(peer) instanceof Valid);
    }

    @Test
    void theKeysOfAuthoritiesCanBeRevokedToo() throws IOException {
        String hex = HexFormat.of()
                .formatHex(RevokedKeys.id(middle.pair().getPublic()).bytes());
        Files.writeString(revoked, "sha256:" + hex + "\n");
        Standing standing = load().standing(peer);
        assertThat(standing).isEqualTo(new Revoked(RevokedKeys.id(middle.pair().getPublic())));
        Files.writeString(revoked, RevokedKeys.id(root.pair().getPublic()) + "\n");
        assertThat(load().standing(peer)).isInstanceOf(Revoked.class);
    }

    @Test
    void aDamagedListRevokesNoLessThanBefore() throws IOException {
        IdentityKey other = IdentityKey.generate(2048, new SecureRandom());
        Files.writeString(revoked, KEY.peerId() + "\n");
        Authorities authorities = load();
        Files.writeString(revoked, "nonsense\n" + other.peerId() + "\n");
        awaitEvent(authorities, "REVOKED_KEYS_REFUSED", 1);
        assertThat(authorities.isRevoked(KEY.peerId())).isTrue();
        assertThat(authorities.isRevoked(other.peerId())).isTrue();
        Files.delete(revoked);
        awaitEvent(authorities, "REVOKED_KEYS_REFUSED", 2);
        assertThat(authorities.isRevoked(KEY.peerId())).isTrue();
        assertThat(authorities.warnings()).singleElement().asString().contains("is not there");
    }

    @Test
    void withoutAListThatCanBeReadNobodyIsLetIn() throws IOException {
        Files.writeString(revoked, "nonsense\n");
        assertThat(load().standing(peer)).isInstanceOf(Invalid.class);
        Files.delete(revoked);
        assertThat(load().standing(peer)).isInstanceOf(Invalid.class);
    }

    @Test
    void aValidChainIsValidatedOnceAndASecondOneAnew() throws IOException {
        Authorities authorities = load();
        long first = nanos(authorities);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 100; i++) {
            least = Math.min(least, nanos(authorities));
        }
        assertThat(least)
                .as("a look-up, not a validation, which took %d ns", first)
                .isLessThan(first);
        Identity forged = Identity.of(
                KEY, "", "", List.of(Certs.root("root").issue(KEY.publicKey(), Certs.peer("a")), middle.der()));
        assertThat(authorities.standing(forged))
                .as("the same key with another chain")
                .isInstanceOf(Invalid.class);
    }

    private long nanos(Authorities authorities) {
        long from = System.nanoTime();
        assertThat(authorities.standing(peer)).isInstanceOf(Valid.class);
        return System.nanoTime() - from;
    }

    @Test
    void thatTheNodesOwnKeyIsRevokedIsAWarning() throws IOException {
        CertificateWatch watch =
                new CertificateWatch(load(), new OwnCertificate(config(anchors, revoked), event -> null));
        watch.load(KEY.publicKey());
        assertThat(watch.warnings()).isEmpty();
        Files.writeString(revoked, KEY.peerId() + "\n");
        watch.load(KEY.publicKey());
        assertThat(watch.warnings()).singleElement().asString().contains("own key is on the list of revoked keys");
        watch.stop();
    }

    private void awaitEvent(Authorities authorities, String event, int times) {
        await().atMost(SOON).until(() -> {
            refreshed(authorities);
            return events.stream().filter(event::equals).count() == times;
        });
    }

    private static Authorities refreshed(Authorities authorities) {
        authorities.refresh();
        return authorities;
    }

    private static void replace(Path file, String content) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling("fresh"), content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Authorities load() {
        return load(anchors, revoked);
    }

    private Authorities load(Path anchorsFile, Path revokedFile) {
        AuditLog audit = event -> {
            events.add(event.event());
            return CompletableFuture.completedFuture(null);
        };
        Authorities authorities = new Authorities(config(anchorsFile, revokedFile), audit);
        authorities.load();
        return authorities;
    }

    private ParleyConfig config(Path anchorsFile, Path revokedFile) {
        return new SmallRyeConfigBuilder()
                .withMapping(ParleyConfig.class)
                .withDefaultValue("parley.data-dir", directory.toString())
                .withDefaultValue("parley.trust.mode", "ca")
                .withDefaultValue("parley.trust.ca.anchors", anchorsFile.toString())
                .withDefaultValue("parley.trust.ca.revoked", revokedFile.toString())
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .build()
                .getConfigMapping(ParleyConfig.class);
    }
}
