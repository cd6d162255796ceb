package dev.parley.node.trust;

import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Keeps the certificates in step with their files: looks at them four times a second, on a thread of its own. */
@ApplicationScoped
public class CertificateWatch {

    private static final Logger LOG = Logger.getLogger(CertificateWatch.class);
    /** Two looks, and the peer is told: within a second of the change. */
    private static final Duration EVERY = Duration.ofMillis(250);
    /** Certificates expire without any file changing; so live sessions are gone through once in so many looks. */
    private static final int LOOKS_A_SWEEP = 4;

    private final Authorities authorities;
    private final OwnCertificate own;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("parley-certificates").factory());
    private int looks;
    private volatile PeerId ownKey;

    CertificateWatch(Authorities authorities, OwnCertificate own) {
        this.authorities = authorities;
        this.own = own;
    }

    /** Reads all files once. @param key the node's own */
    public void load(PublicKey key) {
        ownKey = RevokedKeys.id(key);
        authorities.load();
        own.load(key);
        authorities.warmUp(own.chain());
    }

    /**
     * Looks at them from now on.
     *
     * @param show is given another chain to show to peers
     * @param sweep has the live sessions gone through: some peers may be let in no more
     * @param retry has peers dialed that were not reached: some may let this node in now, or be let in
     */
    public void start(Consumer<List<byte[]>> show, Runnable sweep, Runnable retry) {
        thread.scheduleWithFixedDelay(
                () -> look(show, sweep, retry), EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What the operator ought to know of certificates, one line each. */
    public List<String> warnings() {
        return Stream.of(authorities.warnings(), own.warnings(), ownRevocation())
                .flatMap(List::stream)
                .toList();
    }

    private List<String> ownRevocation() {
        PeerId key = ownKey;
        return key != null && authorities.isEnabled() && authorities.isRevoked(key)
                ? List.of(
                        "this node's own key is on the list of revoked keys: peers in trust mode ca refuse it; a new key and"
                                + " a certificate for it help (`parley identity rotate`)")
                : List.of();
    }

    public void stop() {
        thread.shutdownNow();
    }

    private void look(Consumer<List<byte[]>> show, Runnable sweep, Runnable retry) {
        try {
            boolean another = own.refresh();
            if (another) {
                show.accept(own.chain());
            }
            boolean changed = authorities.refresh();
            if (changed) {
                authorities.warmUp(own.chain());
            }
            looks++;
            if (authorities.isEnabled() && (changed || looks % LOOKS_A_SWEEP == 0)) {
                sweep.run();
            }
            if (another || changed) {
                retry.run();
            }
        } catch (RuntimeException defect) {
            // An exception would end all further looks, and with them revocation.
            LOG.error("looking at the certificates failed; it is tried again", defect);
        }
    }
}
