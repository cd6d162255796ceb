package dev.parley.node.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.FleetEvent.CertificateExpiring;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.testing.Certs;
import dev.parley.node.testing.Certs.Ca;
import dev.parley.protocol.crypto.IdentityKey;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of the node's own certificate comes nearer, by a clock that the test sets. */
class OwnCertificateTest {

    private static final IdentityKey KEY = IdentityKey.generate(2048, new SecureRandom());
    private static final Ca ROOT = Certs.root("root");
    private static final Instant BEGIN = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final List<AuditEvent> events = new ArrayList<>();
    private Instant now = BEGIN;

    @Test
    void eachLimitIsToldOnceAndNotBeforeItIsReached() throws IOException {
        Instant end = BEGIN.plus(Duration.ofDays(90));
        OwnCertificate own = load(BEGIN, end);
        assertTold(own, 0);
        assertThat(own.warnings()).isEmpty();
        assertThat(own.secondsLeft()).isEqualTo(Duration.ofDays(90).toSeconds());
        assertThat(own.secondsOfLife()).isEqualTo(Duration.ofDays(90).toSeconds());

        now = end.minus(Duration.ofDays(30));
        assertTold(own, 0);
        assertThat(own.warnings()).isEmpty();
        now = now.plus(A_SECOND);
        assertTold(own, 1);
        assertThat(last()).isEqualTo(new CertificateExpiring(end, 29));
        assertThat(own.warnings()).singleElement().asString().contains("expires at " + end, "in 29 days", "renew it");
        for (int minute = 0; minute < 2_000; minute++) {
            now = now.plus(Duration.ofMinutes(1));
            own.refresh();
        }
        assertTold(own, 1);

        now = end.minus(Duration.ofDays(7));
        assertTold(own, 1);
        now = now.plus(A_SECOND);
        assertTold(own, 2);
        assertThat(last()).isEqualTo(new CertificateExpiring(end, 6));
        now = end;
        assertTold(own, 2);
        assertThat(own.warnings()).singleElement().asString().contains("less than a day");
        now = end.plus(A_SECOND);
        assertTold(own, 3);
        assertThat(own.warnings()).singleElement().asString().contains("has expired at " + end);
        assertThat(own.secondsLeft()).isEqualTo(-1);
        now = end.plus(Duration.ofDays(100));
        assertTold(own, 3);
    }

    @Test
    void aShortLifeIsNotComplainedOfForAllOfIt() throws IOException {
        Instant end = BEGIN.plus(Duration.ofHours(24));
        OwnCertificate own = load(BEGIN, end);
        assertThat(own.secondsOfLife()).isEqualTo(Duration.ofHours(24).toSeconds());
        now = end.minus(Duration.ofHours(8));
        assertTold(own, 0);
        now = now.plus(A_SECOND);
        assertTold(own, 1);
        now = end.minus(Duration.ofHours(2)).plus(A_SECOND);
        assertTold(own, 2);
    }

    @Test
    void whatAStartFindsNearItsEndIsToldOnceAtItsStage() throws IOException {
        Instant end = BEGIN.plus(Duration.ofDays(90));
        now = end.minus(Duration.ofDays(3));
        OwnCertificate own = load(BEGIN, end);
        assertTold(own, 1);
        assertThat(last()).isEqualTo(new CertificateExpiring(end, 3));
    }

    @Test
    void aRenewedOneIsQuietUntilItsOwnEnd() throws IOException {
        Instant end = BEGIN.plus(Duration.ofDays(90));
        OwnCertificate own = load(BEGIN, end);
        now = end.minus(Duration.ofDays(1));
        assertTold(own, 1);
        Instant later = end.plus(Duration.ofDays(90));
        write(BEGIN, later);
        await().atMost(Duration.ofSeconds(10)).until(own::refresh);
        assertTold(own, 1);
        assertThat(own.warnings()).isEmpty();
        assertThat(own.notAfter()).contains(later);
        now = later.minus(Duration.ofDays(30)).plus(A_SECOND);
        assertTold(own, 2);
    }

    @Test
    void withoutACertificateNothingExpires() {
        OwnCertificate own = new OwnCertificate(config(), this::record, clock());
        own.load(KEY.publicKey());
        now = BEGIN.plus(Duration.ofDays(10_000));
        assertTold(own, 0);
        assertThat(own.secondsLeft()).isNaN();
        assertThat(own.secondsOfLife()).isNaN();
    }

    private void assertTold(OwnCertificate own, int times) {
        own.refresh();
        own.refresh();
        assertThat(events.stream().filter(CertificateExpiring.class::isInstance))
                .hasSize(times);
    }

    private AuditEvent last() {
        return events.getLast();
    }

    private OwnCertificate load(Instant from, Instant to) throws IOException {
        write(from, to);
        OwnCertificate own = new OwnCertificate(config(), this::record, clock());
        own.load(KEY.publicKey());
        return own;
    }

    private void write(Instant from, Instant to) throws IOException {
        Files.writeString(
                directory.resolve("tls.crt"),
                Certs.pem(ROOT.issue(
                        KEY.publicKey(),
                        Certs.peer("node.fleet.example").from(from).to(to))));
    }

    private ParleyConfig config() {
        return new SmallRyeConfigBuilder()
                .withMapping(ParleyConfig.class)
                .withDefaultValue("parley.data-dir", directory.toString())
                .withDefaultValue(
                        "parley.identity.certificate",
                        directory.resolve("tls.crt").toString())
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .build()
                .getConfigMapping(ParleyConfig.class);
    }

    private CompletableFuture<Void> record(AuditEvent event) {
        events.add(event);
        return CompletableFuture.completedFuture(null);
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }
}
