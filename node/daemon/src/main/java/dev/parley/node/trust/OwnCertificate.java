package dev.parley.node.trust;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.FleetEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.protocol.wire.Limits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The chain of certificates that this node shows to its peers, as the file has it. A file that is missing or bad takes nothing
 * away: the chain of before is shown until it has expired. Thread-safe.
 */
@ApplicationScoped
public class OwnCertificate {

    private static final Logger LOG = Logger.getLogger(OwnCertificate.class);
    private static final int FILE_MOST = 256 << 10;
    /** What the identity has room for beside the longest key, name and address. */
    private static final int CHAIN_MOST = 13 << 10;

    private static final Duration SOON = Duration.ofDays(30);
    private static final Duration VERY_SOON = Duration.ofDays(7);
    /** A certificate of a short life is not to be complained of for all of it. */
    private static final int SOON_OF_LIFE = 3;

    private static final int VERY_SOON_OF_LIFE = 12;

    private final AuditLog audit;
    private final Clock clock;
    private final Optional<WatchedFile> file;
    private PublicKey key;
    private volatile Shown shown = new Shown(List.of(), null, null);
    private volatile String problem;
    private volatile Stage told = Stage.FAR;

    /** How near the end is. */
    private enum Stage {
        FAR,
        SOON,
        VERY_SOON,
        OVER
    }

    private record Shown(List<byte[]> chain, Instant notBefore, Instant notAfter) {}

    @Inject
    OwnCertificate(ParleyConfig config, AuditLog audit) {
        this(config, audit, Clock.systemUTC());
    }

    OwnCertificate(ParleyConfig config, AuditLog audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
        this.file = config.identity().certificate().map(path -> new WatchedFile(path, FILE_MOST));
    }

    /** Reads the file for the first time. @param identityKey whose certificate it has to be */
    void load(PublicKey identityKey) {
        key = identityKey;
        file.ifPresent(watched -> take(watched, watched.first()));
        watchTime();
    }

    /** Looks whether the file has changed, and how near the end is. @return whether another chain is to be shown */
    boolean refresh() {
        boolean changed = file.flatMap(watched -> watched.look().map(seen -> take(watched, seen)))
                .orElse(false);
        watchTime();
        return changed;
    }

    /** DER, the node's own first; empty where there is none. */
    public List<byte[]> chain() {
        return shown.chain();
    }

    /** Until when it is valid, the least of the chain; empty where there is none. */
    public Optional<Instant> notAfter() {
        return Optional.ofNullable(shown.notAfter());
    }

    /** Seconds until it has expired, negative after that; NaN where there is none. */
    public double secondsLeft() {
        return notAfter()
                .map(end -> Duration.between(clock.instant(), end).toMillis() / 1000.0)
                .orElse(Double.NaN);
    }

    /** Seconds from the beginning of its validity to the end; NaN where there is none. */
    public double secondsOfLife() {
        Shown current = shown;
        return current.notAfter() == null
                ? Double.NaN
                : Duration.between(current.notBefore(), current.notAfter()).toMillis() / 1000.0;
    }

    /** What the operator ought to know, one line each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Optional.ofNullable(problem).ifPresent(warnings::add);
        Instant now = clock.instant();
        if (stage(now) != Stage.FAR) {
            warnings.add(expiry(now));
        }
        return warnings;
    }

    private boolean take(WatchedFile watched, WatchedFile.Seen seen) {
        try {
            if (seen.content() == null) {
                throw new BadFileException(seen.problem());
            }
            List<X509Certificate> chain = CertificatePem.read(seen.content());
            Shown fresh = check(chain);
            problem = null;
            told = Stage.FAR;
            shown = fresh;
            X509Certificate own = chain.getFirst();
            LOG.infof("showing the certificate of %s, valid until %s", watched.path(), fresh.notAfter());
            audit.record(new FleetEvent.CertificateLoaded(
                    watched.path(),
                    own.getSubjectX500Principal().getName(),
                    own.getSerialNumber().toString(16),
                    fresh.notAfter()));
            return true;
        } catch (BadFileException bad) {
            problem = "this node's certificate %s: the file %s; %s"
                    .formatted(
                            watched.path(),
                            bad.getMessage(),
                            shown.chain().isEmpty() ? "none is shown to peers" : "the one read before is shown");
            LOG.error(problem);
            audit.record(new FleetEvent.CertificateRefused(watched.path(), bad.getMessage()));
            return false;
        }
    }

    private Shown check(List<X509Certificate> chain) throws BadFileException {
        if (!Arrays.equals(chain.getFirst().getPublicKey().getEncoded(), key.getEncoded())) {
            throw new BadFileException(
                    "begins with a certificate for another key than this node's: a new key needs a restart, see FLEET.md");
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new BadFileException("is not in order: certificate " + i + " is not signed by the next");
            }
        }
        List<byte[]> encoded = new ArrayList<>();
        try {
            for (X509Certificate each : chain) {
                encoded.add(each.getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new BadFileException("has a damaged certificate");
        }
        if (chain.size() > Limits.CERTIFICATES
                || encoded.stream().mapToInt(der -> der.length).sum() > CHAIN_MOST) {
            throw new BadFileException(
                    "has more than %d certificates or %d bytes of them, which is more than can be shown"
                            .formatted(Limits.CERTIFICATES, CHAIN_MOST));
        }
        return new Shown(
                List.copyOf(encoded),
                chain.getFirst().getNotBefore().toInstant(),
                chain.stream()
                        .map(each -> each.getNotAfter().toInstant())
                        .min(Instant::compareTo)
                        .orElseThrow());
    }

    private void watchTime() {
        Instant now = clock.instant();
        Stage stage = stage(now);
        if (stage.compareTo(told) > 0) {
            told = stage;
            LOG.warn(expiry(now));
            audit.record(new FleetEvent.CertificateExpiring(
                    shown.notAfter(), Duration.between(now, shown.notAfter()).toDays()));
        }
    }

    private Stage stage(Instant now) {
        Shown current = shown;
        if (current.notAfter() == null) {
            return Stage.FAR;
        }
        Duration life = Duration.between(current.notBefore(), current.notAfter());
        Duration left = Duration.between(now, current.notAfter());
        if (left.isNegative()) {
            return Stage.OVER;
        }
        if (left.compareTo(least(VERY_SOON, life.dividedBy(VERY_SOON_OF_LIFE))) < 0) {
            return Stage.VERY_SOON;
        }
        return left.compareTo(least(SOON, life.dividedBy(SOON_OF_LIFE))) < 0 ? Stage.SOON : Stage.FAR;
    }

    private String expiry(Instant now) {
        Instant end = shown.notAfter();
        long days = Duration.between(now, end).toDays();
        return now.isAfter(end)
                ? "this node's certificate has expired at " + end + ": peers in trust mode ca refuse it"
                : "this node's certificate expires at " + end + ", in "
                        + (days > 0 ? days + (days == 1 ? " day" : " days") : "less than a day") + ": renew it";
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
