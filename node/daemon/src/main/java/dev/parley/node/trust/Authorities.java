package dev.parley.node.trust;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.FleetEvent;
import dev.parley.node.config.NamePattern;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.config.TrustMode;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Whom the certificate authorities of trust mode {@code ca} vouch for: holds the trust anchors and the revoked keys as the files
 * have them, and what was found valid under them. A file that turns bad changes nothing for the better: the anchors stay those of
 * before, what can be read of revoked keys counts beside those of before, and before the first good list of them nobody is let
 * in. Thread-safe.
 */
@ApplicationScoped
public class Authorities {

    /** What the authorities say of a peer. */
    public sealed interface Standing {}

    /** @param names in the peer's certificate, those that are let in */
    public record Valid(List<String> names, String issuer, String serial, Instant notAfter) implements Standing {}

    /** @param reason one line for the audit log */
    public record Invalid(String reason) implements Standing {}

    /** @param key the one that is revoked: the peer's, or one of an authority above it */
    public record Revoked(PeerId key) implements Standing {}

    private static final Logger LOG = Logger.getLogger(Authorities.class);
    private static final int ANCHORS_MOST = 1 << 20;
    private static final int REVOKED_MOST = 16 << 20;
    /** Only what an authority has signed gets here, so strangers displace nobody. */
    private static final int CACHED = 8_192;

    private final boolean enabled;
    private final AuditLog audit;
    private final List<NamePattern> names;
    private final Optional<WatchedFile> anchorsFile;
    private final Optional<WatchedFile> revokedFile;
    private final Map<PeerId, Cached> valid = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, Cached> eldest) {
            return size() > CACHED;
        }
    };

    private volatile ChainRules rules;
    /** Empty: there ought to be a list, and there was no good one yet. */
    private volatile Optional<RevokedKeys> revoked;

    private boolean hasAnchors;
    private volatile String anchorsProblem;
    private volatile String revokedProblem;

    /** A chain that was found valid. */
    private record Cached(List<byte[]> chain, Certified certified) {
        boolean isOf(List<byte[]> other) {
            return chain.size() == other.size()
                    && IntStream.range(0, chain.size()).allMatch(i -> Arrays.equals(chain.get(i), other.get(i)));
        }
    }

    Authorities(ParleyConfig config, AuditLog audit) {
        ParleyConfig.Ca ca = config.trust().ca();
        this.enabled = config.trust().mode() == TrustMode.CA;
        this.audit = audit;
        this.names = ca.names().orElse(List.of()).stream().map(NamePattern::of).toList();
        this.anchorsFile = ca.anchors().map(path -> new WatchedFile(path, ANCHORS_MOST));
        this.revokedFile = ca.revoked().map(path -> new WatchedFile(path, REVOKED_MOST));
        this.rules = new ChainRules(Anchors.NONE, names);
        this.revoked = revokedFile.isPresent() ? Optional.empty() : Optional.of(RevokedKeys.NONE);
    }

    /** Whether the node is in trust mode {@code ca} at all. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Reads the files for the first time, before any peer can come. */
    void load() {
        if (enabled) {
            anchorsFile.ifPresent(file -> take(file, file.first()));
            revokedFile.ifPresent(file -> takeRevoked(file, file.first()));
        }
    }

    /** Before any peer can come: the first validation is not to keep all connections of an event loop waiting. @param own chain of the node */
    void warmUp(List<byte[]> own) {
        if (enabled) {
            rules.warmUp(own, Instant.now());
        }
    }

    /** Looks whether a file has changed. @return whether anything about anybody's standing may be different now */
    boolean refresh() {
        if (!enabled) {
            return false;
        }
        boolean anchorsChanged = anchorsFile
                .flatMap(file -> file.look().map(seen -> take(file, seen)))
                .orElse(false);
        boolean revokedChanged = revokedFile
                .flatMap(file -> file.look().map(seen -> takeRevoked(file, seen)))
                .orElse(false);
        return anchorsChanged || revokedChanged;
    }

    /**
     * What is to be said of an authenticated peer now. The first time for a chain this validates it, from a third of a millisecond
     * to a few; after that it is a look-up until the anchors change.
     */
    public Standing standing(Identity peer) {
        Optional<RevokedKeys> list = revoked;
        if (list.isEmpty()) {
            return new Invalid("the list of revoked keys could not be read yet");
        }
        if (list.get().keys().contains(peer.peerId())) {
            return new Revoked(peer.peerId());
        }
        try {
            Instant now = Instant.now();
            Certified certified = certified(peer, now);
            Optional<PeerId> gone = list.get().anyOf(certified.keys());
            return gone.<Standing>map(Revoked::new)
                    .orElseGet(() ->
                            new Valid(certified.names(), certified.issuer(), certified.serial(), certified.notAfter()));
        } catch (RefusedChainException refused) {
            return new Invalid(refused.getMessage());
        }
    }

    /** Whether a peer's own key is on the list. */
    public boolean isRevoked(PeerId peer) {
        return revoked.filter(list -> list.keys().contains(peer)).isPresent();
    }

    /** What the operator ought to know, one line each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Optional.ofNullable(anchorsProblem).ifPresent(warnings::add);
        Optional.ofNullable(revokedProblem).ifPresent(warnings::add);
        return warnings;
    }

    private Certified certified(Identity peer, Instant now) throws RefusedChainException {
        ChainRules current = rules;
        Cached cached;
        synchronized (valid) {
            cached = valid.get(peer.peerId());
        }
        if (cached != null
                && cached.isOf(peer.chain())
                && !now.isBefore(cached.certified().notBefore())
                && !now.isAfter(cached.certified().notAfter())) {
            return cached.certified();
        }
        Certified certified = current.validate(peer.chain(), now);
        synchronized (valid) {
            // Other anchors may have come meanwhile: what was found under those of before is worth nothing then.
            if (rules == current) {
                valid.put(peer.peerId(), new Cached(peer.chain(), certified));
            }
        }
        return certified;
    }

    /** @return true: what was valid may be so no more, or the other way round */
    private boolean take(WatchedFile file, WatchedFile.Seen seen) {
        Anchors anchors;
        try {
            anchors = Anchors.parse(content(seen));
        } catch (BadFileException bad) {
            anchorsProblem = "the authorities in %s: the file %s; %s"
                    .formatted(
                            file.path(),
                            bad.getMessage(),
                            hasAnchors ? "those read before stay in force" : "no peer is let in by a certificate");
            LOG.error(anchorsProblem);
            audit.record(new FleetEvent.AnchorsRefused(file.path(), bad.getMessage()));
            return false;
        }
        ChainRules fresh = new ChainRules(anchors, names);
        synchronized (valid) {
            valid.clear();
            rules = fresh;
        }
        hasAnchors = true;
        anchorsProblem = null;
        LOG.infof("trusting %d certificate authorities of %s", anchors.size(), file.path());
        audit.record(new FleetEvent.AnchorsLoaded(file.path(), anchors.keys()));
        return true;
    }

    private boolean takeRevoked(WatchedFile file, WatchedFile.Seen seen) {
        RevokedKeys read = seen.content() == null ? RevokedKeys.NONE : RevokedKeys.parse(seen.content());
        Optional<String> problem = Optional.ofNullable(seen.problem()).or(read::problem);
        if (problem.isEmpty()) {
            revoked = Optional.of(read);
            revokedProblem = null;
            LOG.infof("%d revoked keys in %s", read.keys().size(), file.path());
            audit.record(
                    new FleetEvent.RevokedKeysLoaded(file.path(), read.keys().size()));
        } else {
            revokedProblem = "the revoked keys in %s: the file %s; %s"
                    .formatted(
                            file.path(),
                            seen.problem() == null ? "is damaged, " + problem.get() : problem.get(),
                            revoked.isEmpty()
                                    ? "no peer is let in by a certificate"
                                    : "those read before stay revoked, and so do those that can be read");
            revoked = revoked.map(before -> before.and(read));
            LOG.error(revokedProblem);
            audit.record(new FleetEvent.RevokedKeysRefused(file.path(), problem.get()));
        }
        return true;
    }

    private static byte[] content(WatchedFile.Seen seen) throws BadFileException {
        if (seen.content() == null) {
            throw new BadFileException(seen.problem());
        }
        return seen.content();
    }
}
