package dev.parley.node.trust;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.Claim;
import dev.parley.node.audit.PeerEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.config.TrustMode;
import dev.parley.node.trust.PeerException.Reason;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Succession;
import io.quarkus.arc.All;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The peers that this node knows, and the operator's decisions about them. Thread-safe. Decisions of the operator are on disk
 * when the call returns, so those calls belong on worker threads; what the network reports is written soon after.
 */
@ApplicationScoped
public class KnownPeers implements TrustPolicy {

    private static final Logger LOG = Logger.getLogger(KnownPeers.class);
    /** What the network reports may be lost with the process for as long as this. */
    private static final Duration SAVE_DELAY = Duration.ofMillis(200);

    private static final Duration TELL_AGAIN = Duration.ofMinutes(1);

    private final ParleyConfig config;
    private final AuditLog audit;
    private final List<PeerListener> listeners;
    private final PeersFile file;
    private final Map<PeerId, KnownPeer> peers = new LinkedHashMap<>();
    private final Map<PeerId, Superseded> superseded = new LinkedHashMap<>();
    /** Where those that await approval came from; only for the bound per address, so only in memory. */
    private final Map<PeerId, AddressKey> pendingFrom = new HashMap<>();

    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("parley-peers").factory());
    private boolean writePlanned;
    /** When net.log was told about a key that is refused for its history. */
    private final Map<PeerId, Long> toldAbout = new HashMap<>();

    KnownPeers(ParleyConfig config, AuditLog audit, @All List<PeerListener> listeners) {
        this.config = config;
        this.audit = audit;
        this.listeners = listeners;
        this.file = new PeersFile(config.dataDir().resolve("peers.json"));
    }

    /** Reads what is on disk; once, before the first peer can come. */
    public synchronized void load() throws IOException {
        peers.clear();
        superseded.clear();
        PeersFile.Content content = file.load();
        content.peers().forEach(peer -> peers.put(peer.id(), asOfMode(peer)));
        content.superseded().forEach(each -> superseded.put(each.key(), each));
    }

    public synchronized List<KnownPeer> all() {
        return List.copyOf(peers.values());
    }

    public synchronized Optional<KnownPeer> get(PeerId id) {
        return Optional.ofNullable(peers.get(id));
    }

    /**
     * The peer that an operator means.
     *
     * @param text an alias, a PeerId, or at least four characters that only one known PeerId begins with
     * @throws PeerException NOT_FOUND or AMBIGUOUS
     */
    public synchronized KnownPeer resolve(String text) {
        for (Superseded each : superseded.values()) {
            if (each.key().toString().equals(text)) {
                throw new PeerException(Reason.NOT_FOUND, "this key has a successor, which is let in: " + each.next());
            }
        }
        return PeerNames.resolve(text, peers.values());
    }

    /** Lets a peer in, whatever it was before. @param alias a new name for it; empty keeps what it has */
    public KnownPeer approve(PeerId id, Optional<String> alias) {
        KnownPeer approved;
        synchronized (this) {
            KnownPeer old = known(id);
            alias.ifPresent(name -> PeerNames.check(name, id, peers.values()));
            approved = decided(old)
                    .with(old.state() == PeerState.VERIFIED ? PeerState.VERIFIED : PeerState.TRUSTED)
                    .named(alias.or(old::alias))
                    .by(LetInBy.OPERATOR);
            put(approved);
        }
        saveNow();
        audit.record(new PeerEvent.PeerApproved(id.toString(), approved.alias().orElse(null)));
        tell(listener -> listener.approved(approved));
        return approved;
    }

    /** The operator has compared the PeerId; lets the peer in. @throws PeerException STATE if it is blocked */
    public KnownPeer verify(PeerId id) {
        return verify(id, "operator");
    }

    /** The same. @param how it was compared, for net.log: number, words, qr or operator */
    public KnownPeer verify(PeerId id, String how) {
        KnownPeer verified;
        boolean wasLetIn;
        synchronized (this) {
            KnownPeer old = known(id);
            if (old.state() == PeerState.BLOCKED) {
                throw new PeerException(Reason.STATE, "the peer is blocked: approve it first");
            }
            wasLetIn = old.state().isLetIn();
            verified = decided(old).with(PeerState.VERIFIED).by(LetInBy.OPERATOR);
            put(verified);
        }
        saveNow();
        audit.record(new PeerEvent.PeerVerified(id.toString(), verified.alias().orElse(null), how));
        if (!wasLetIn) {
            tell(listener -> listener.approved(verified));
        }
        tell(listener -> listener.verified(verified));
        return verified;
    }

    /** What the operator read is not what belongs to the two keys: nothing changes, and net.log has it. @param how as in {@link #verify} */
    public PeerException verifyFailed(PeerId id, String how) {
        audit.record(new PeerEvent.PeerVerifyFailed(id.toString(), alias(id).orElse(null), how));
        return new PeerException(
                Reason.SAFETY_MISMATCH,
                "the " + how
                        + " that was read is not that of this node's key and the peer's: the peer is not verified");
    }

    /**
     * Gives a peer's alias and addresses to another key, which answered in its place. The new one is trusted, not verified; the
     * one before is let in no more, and what waits for it stays with it.
     *
     * @param next all of the id that answered
     * @throws PeerException STATE if no other key has answered, OTHER_KEY if it was another than this
     */
    public KnownPeer acceptKey(PeerId id, PeerId next) {
        KnownPeer old;
        KnownPeer left;
        KnownPeer heir;
        synchronized (this) {
            old = known(id);
            KeyNotes.OtherKey other = old.keys()
                    .other()
                    .orElseThrow(() -> new PeerException(
                            Reason.STATE,
                            "no other key has answered in this peer's place: there is nothing to accept"));
            if (!other.id().equals(next)) {
                throw new PeerException(
                        Reason.OTHER_KEY, "the key that answered at " + other.where() + " is another: " + other.id());
            }
            KnownPeer met = peers.getOrDefault(next, stranger(next, ""));
            left = old.dethroned();
            superseded.remove(next);
            // Where both were named by one key, the one that lost does not get the other suspended again.
            boolean rival =
                    superseded.values().stream().anyMatch(each -> each.next().equals(id));
            superseded.replaceAll(
                    (key, each) -> each.next().equals(id) ? new Superseded(key, next, each.since()) : each);
            heir = met.inPlaceOf(old, PeerState.TRUSTED, rival ? KeyNotes.NONE.lost(id, other) : KeyNotes.NONE);
            put(left);
            put(heir);
        }
        saveNow();
        audit.record(new PeerEvent.PeerKeyAccepted(
                next.toString(), heir.alias().orElse(null), id.toString(), old.state() == PeerState.VERIFIED));
        KnownPeer before = left;
        KnownPeer now = heir;
        tell(listener -> listener.keyAccepted(before, now));
        tell(listener -> listener.approved(now));
        return heir;
    }

    /** The keys that have a successor among the known peers: old key, and who is there now. */
    public synchronized Map<PeerId, PeerId> successions() {
        Map<PeerId, PeerId> all = new HashMap<>();
        superseded.keySet().forEach(key -> successor(key).ifPresent(peer -> all.put(key, peer.id())));
        return all;
    }

    /** Lets a peer in no more. */
    public KnownPeer block(PeerId id) {
        KnownPeer blocked;
        synchronized (this) {
            blocked = known(id).with(PeerState.BLOCKED);
            put(blocked);
        }
        saveNow();
        audit.record(new PeerEvent.PeerBlocked(id.toString(), blocked.alias().orElse(null)));
        tell(listener -> listener.blocked(blocked));
        return blocked;
    }

    /** Gives a peer a name. @throws PeerException INVALID or ALIAS_TAKEN */
    public KnownPeer rename(PeerId id, String alias) {
        KnownPeer old;
        KnownPeer renamed;
        synchronized (this) {
            old = known(id);
            PeerNames.check(alias, id, peers.values());
            renamed = old.named(Optional.of(alias));
            put(renamed);
        }
        saveNow();
        audit.record(new PeerEvent.PeerAliased(id.toString(), alias, old.alias().orElse(null)));
        tell(listener -> listener.aliased(renamed, old.alias()));
        return renamed;
    }

    /** Knows a peer no more; if it comes again it is a stranger. */
    public KnownPeer forget(PeerId id) {
        KnownPeer forgotten;
        synchronized (this) {
            forgotten = known(id);
            peers.remove(id);
            pendingFrom.remove(id);
            superseded.values().removeIf(each -> successor(each.key()).isEmpty());
        }
        saveNow();
        audit.record(
                new PeerEvent.PeerForgotten(id.toString(), forgotten.alias().orElse(null)));
        tell(listener -> listener.forgotten(forgotten));
        return forgotten;
    }

    /** Introduces a peer by hand, as trusted; one that is known already is approved and gets the addresses as well. */
    public KnownPeer introduce(PeerId id, Optional<String> alias, List<String> addresses) {
        synchronized (this) {
            alias.ifPresent(name -> PeerNames.check(name, id, peers.values()));
            KnownPeer peer = peers.getOrDefault(id, stranger(id, ""));
            for (String address : addresses.reversed()) {
                peer = peer.at(address);
            }
            peers.put(id, peer);
        }
        return approve(id, alias);
    }

    /**
     * A peer's certificate lets it in: remembers that, and calls it what its certificate does, where it has no name yet and nobody
     * else has that one. A peer that the operator has let in or blocked stays as it is.
     */
    KnownPeer certified(Identity peer, List<String> names) {
        KnownPeer now;
        boolean letIn;
        synchronized (this) {
            KnownPeer old = peers.getOrDefault(peer.peerId(), stranger(peer.peerId(), peer.name()));
            letIn = old.state() == PeerState.PENDING;
            now = old.seen(peer.name(), Instant.now());
            if (letIn) {
                now = now.with(PeerState.TRUSTED).by(LetInBy.CERTIFICATE);
            }
            if (now.alias().isEmpty()) {
                now = now.named(PeerNames.firstFree(names, peer.peerId(), peers.values()));
            }
            put(now);
            saveSoon();
        }
        KnownPeer told = now;
        if (letIn) {
            tell(listener -> listener.approved(told));
        }
        return told;
    }

    @Override
    public Decision decide(Identity peer, String remote, Role role, AuditLog connection) {
        Optional<Decision> byHistory = byHistory(peer, remote);
        if (byHistory.isPresent()) {
            return byHistory.get();
        }
        KnownPeer added = null;
        String limit;
        synchronized (this) {
            KnownPeer old = peers.get(peer.peerId());
            if (old != null) {
                peers.put(old.id(), old.seen(peer.name(), Instant.now()));
                saveSoon();
                return switch (old.state()) {
                    case TRUSTED, VERIFIED -> Decision.ADMIT;
                    case PENDING -> Decision.PENDING;
                    case BLOCKED -> Decision.BLOCKED;
                };
            }
            boolean firstUse = config.trust().mode() == TrustMode.FIRST_USE;
            limit = firstUse ? null : pendingLimit(AddressKey.ofRemote(remote));
            if (limit == null) {
                added = stranger(peer.peerId(), peer.name()).seen(peer.name(), Instant.now());
                if (firstUse) {
                    added = added.with(PeerState.TRUSTED).by(LetInBy.FIRST_USE);
                } else {
                    pendingFrom.put(added.id(), AddressKey.ofRemote(remote));
                }
                peers.put(added.id(), added);
                saveSoon();
            }
        }
        if (limit != null) {
            // Outside the lock: a full audit queue makes its callers wait.
            connection.record(new PeerEvent.PeerNotQueued(peer.peerId().toString(), remote, limit));
            return Decision.REFUSE;
        }
        tellNew(added, peer, remote);
        return added.state().isLetIn() ? Decision.ADMIT : Decision.PENDING;
    }

    @Override
    public Optional<Refusal> refusal(Identity peer, boolean acceptNew) {
        return Optional.empty();
    }

    @Override
    public void met(Identity peer, String address, boolean acceptNew) {
        if (byHistory(peer, address).equals(Optional.of(Decision.REFUSE))) {
            return;
        }
        KnownPeer now;
        boolean isNew;
        boolean approve;
        synchronized (this) {
            KnownPeer old = peers.get(peer.peerId());
            isNew = old == null;
            now = (isNew ? stranger(peer.peerId(), peer.name()) : old)
                    .seen(peer.name(), Instant.now())
                    .at(address);
            approve = now.state() == PeerState.PENDING
                    && (acceptNew || isNew && config.trust().mode() == TrustMode.FIRST_USE);
            if (approve) {
                now = now.with(PeerState.TRUSTED).by(acceptNew ? LetInBy.OPERATOR : LetInBy.FIRST_USE);
            }
            // An address leads to one peer: who answered there last.
            peers.replaceAll((id, each) -> id.equals(peer.peerId()) ? each : each.without(address));
            peers.put(now.id(), now);
            saveSoon();
        }
        KnownPeer met = now;
        if (isNew) {
            tellNew(met, peer, address);
        } else if (approve) {
            audit.record(
                    new PeerEvent.PeerApproved(met.id().toString(), met.alias().orElse(null)));
            tell(listener -> listener.approved(met));
        }
    }

    @Override
    public void keyChanged(PeerId known, String address, PeerId other) {
        KnownPeer peer;
        synchronized (this) {
            peer = peers.getOrDefault(known, stranger(known, ""));
            if (peers.containsKey(known)) {
                peer = peer.with(peer.keys().claimed(other, address, Instant.now()));
                peers.put(known, peer);
                saveSoon();
            }
        }
        LOG.errorf(
                "PEER KEY CHANGED: %s is known at %s, but %s answered and was refused; an attack, or the peer was set up anew",
                peer.shown(), address, other);
        audit.record(
                new PeerEvent.PeerKeyChanged(peer.alias().orElse(null), address, known.toString(), other.toString()));
        KnownPeer refused = peer;
        tell(listener -> listener.keyChanged(refused, address, other));
    }

    @Override
    public synchronized Optional<PeerId> knownAt(String address) {
        return peers.values().stream()
                .filter(peer -> peer.state().isLetIn() && peer.addresses().contains(address))
                .map(KnownPeer::id)
                .findFirst();
    }

    @Override
    public Optional<String> alias(PeerId peer) {
        return get(peer).flatMap(KnownPeer::alias);
    }

    @Override
    public boolean isTrusted(PeerId peer) {
        return get(peer).filter(known -> known.state().isLetIn()).isPresent();
    }

    @Override
    public boolean isBlocked(PeerId peer) {
        synchronized (this) {
            if (superseded.containsKey(peer)) {
                return true;
            }
        }
        return get(peer).filter(known -> known.state() == PeerState.BLOCKED).isPresent();
    }

    @Override
    public boolean isSuccessor(PeerId known, Identity claimed) {
        if (claimed.chain().isEmpty() || !isTrusted(known)) {
            return false;
        }
        long now = System.currentTimeMillis();
        for (Succession.Step step : Succession.of(claimed)) {
            if (!step.validAt(now)) {
                return false;
            }
            if (step.from().equals(known)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What follows for an authenticated peer from the keys that were there before: one with a successor is refused, one that a
     * known key named takes that one's place. Empty where the past says nothing.
     */
    private Optional<Decision> byHistory(Identity peer, String where) {
        Optional<PeerId> successor = successorOf(peer.peerId());
        if (successor.isPresent()) {
            tellNowAndThen(
                    peer.peerId(),
                    new PeerEvent.PeerSuperseded(
                            peer.peerId().toString(),
                            alias(successor.get()).orElse(null),
                            successor.get().toString(),
                            where));
            return Optional.of(Decision.REFUSE);
        }
        if (peer.chain().isEmpty()) {
            return Optional.empty();
        }
        for (Succession.Step step : Succession.of(peer)) {
            Optional<KnownPeer> from = get(step.from());
            if (!step.validAt(System.currentTimeMillis())) {
                from.filter(known -> !isTrusted(peer.peerId()))
                        .ifPresent(known -> tellNowAndThen(
                                known.id(),
                                new PeerEvent.PeerRotationExpired(
                                        peer.peerId().toString(),
                                        known.alias().orElse(null),
                                        known.id().toString(),
                                        where,
                                        Instant.ofEpochMilli(step.notAfter()))));
                return Optional.empty();
            }
            if (from.isPresent()) {
                return succeed(step, peer, where);
            }
            Optional<PeerId> other = successorOf(step.from());
            if (other.isPresent() && !other.get().equals(peer.peerId())) {
                return conflict(step.from(), peer.peerId(), where);
            }
        }
        return Optional.empty();
    }

    /** Who holds an old key can come as often as it likes: about each key net.log hears once a minute. */
    private void tellNowAndThen(PeerId about, AuditEvent event) {
        synchronized (toldAbout) {
            long now = System.nanoTime();
            toldAbout.values().removeIf(told -> now - told > TELL_AGAIN.toNanos());
            if (toldAbout.putIfAbsent(about, now) != null) {
                return;
            }
        }
        audit.record(event);
    }

    private Optional<Decision> succeed(Succession.Step step, Identity peer, String where) {
        KnownPeer old;
        KnownPeer heir;
        synchronized (this) {
            old = peers.get(step.from());
            KnownPeer met = peers.get(peer.peerId());
            if (old == null || met != null && met.state() == PeerState.BLOCKED) {
                return Optional.empty();
            }
            boolean letInAlready = met != null && met.state().isLetIn() && old.state() == PeerState.PENDING;
            heir = (met == null ? stranger(peer.peerId(), peer.name()) : met)
                    .seen(peer.name(), Instant.now())
                    .inPlaceOf(old, letInAlready ? met.state() : old.state(), KeyNotes.NONE.after(old.id()));
            peers.remove(old.id());
            AddressKey from = pendingFrom.remove(old.id());
            if (from != null) {
                pendingFrom.put(heir.id(), from);
            }
            put(heir);
            superseded.put(old.id(), new Superseded(old.id(), heir.id(), Instant.now()));
            saveSoon();
        }
        KnownPeer before = old;
        KnownPeer now = heir;
        LOG.warnf("%s has a new key, named by its old one: %s comes after %s", now.shown(), now.id(), before.id());
        audit.record(new PeerEvent.PeerKeyRotated(
                now.id().toString(),
                now.alias().orElse(null),
                before.id().toString(),
                now.state().name(),
                where,
                Instant.ofEpochMilli(step.notAfter())));
        tell(listener -> listener.succeeded(before, now));
        return Optional.of(
                switch (now.state()) {
                    case TRUSTED, VERIFIED -> Decision.ADMIT;
                    case PENDING -> Decision.PENDING;
                    case BLOCKED -> Decision.BLOCKED;
                });
    }

    /** Nobody but the operator can say which of two that the same key named is the right one: until then neither is let in. */
    private Optional<Decision> conflict(PeerId from, PeerId second, String where) {
        KnownPeer first;
        boolean suspended;
        synchronized (this) {
            first = successor(from).orElse(null);
            if (first == null) {
                return Optional.empty();
            }
            boolean settled =
                    first.keys().other().map(KeyNotes.OtherKey::settled).orElse(false);
            suspended = first.state().isLetIn() && !settled;
            first = first.with(first.keys().claimed(second, where, Instant.now()));
            if (suspended) {
                first = first.with(PeerState.PENDING);
            }
            peers.put(first.id(), first);
            saveSoon();
        }
        KnownPeer now = first;
        PeerEvent.PeerRotationConflict event = new PeerEvent.PeerRotationConflict(
                now.id().toString(), now.alias().orElse(null), second.toString(), from.toString(), where, suspended);
        if (suspended) {
            LOG.errorf("ONE KEY, TWO SUCCESSORS: %s named %s and %s", from, now.id(), second);
            audit.record(event);
            tell(listener -> listener.suspended(now, second, where));
        } else {
            tellNowAndThen(now.id(), event);
        }
        return Optional.of(Decision.REFUSE);
    }

    private synchronized Optional<PeerId> successorOf(PeerId key) {
        return superseded.containsKey(key) ? successor(key).map(KnownPeer::id) : Optional.empty();
    }

    /** Holding the lock: the known peer at the end of the successions from a key. */
    private Optional<KnownPeer> successor(PeerId key) {
        PeerId at = key;
        for (int i = 0; i <= superseded.size() && superseded.containsKey(at); i++) {
            at = superseded.get(at).next();
        }
        return Optional.ofNullable(peers.get(at));
    }

    /** Writes what is not yet written. */
    @PreDestroy
    public void stop() {
        if (writer.isShutdown()) {
            return;
        }
        writer.shutdownNow();
        saveNow();
    }

    private void tellNew(KnownPeer peer, Identity identity, String where) {
        String id = peer.id().toString();
        if (peer.state().isLetIn()) {
            audit.record(new PeerEvent.PeerPinned(id, null, where, Claim.of(identity.name())));
            tell(listener -> listener.approved(peer));
        } else {
            audit.record(new PeerEvent.PeerPending(id, where, Claim.of(identity.name()), Claim.of(identity.address())));
            tell(listener -> listener.pending(peer, where));
        }
    }

    /** Holding the lock: why a stranger cannot be queued for approval, or null. */
    private String pendingLimit(AddressKey address) {
        long pending = peers.values().stream()
                .filter(peer -> peer.state() == PeerState.PENDING)
                .count();
        if (pending >= config.trust().pendingTotal()) {
            return config.trust().pendingTotal() + " keys await approval already";
        }
        long ofAddress = pendingFrom.values().stream().filter(address::equals).count();
        if (ofAddress >= config.trust().pendingPerAddress()) {
            return config.trust().pendingPerAddress() + " keys of this address await approval already";
        }
        return null;
    }

    /** Who is let in although another key claims its place is the right one from now on. */
    private static KnownPeer decided(KnownPeer peer) {
        return peer.state().isLetIn() ? peer : peer.with(peer.keys().settled());
    }

    private KnownPeer known(PeerId id) {
        KnownPeer peer = peers.get(id);
        if (peer == null) {
            throw new PeerException(Reason.NOT_FOUND, "no known peer has this id");
        }
        return peer;
    }

    /** Holding the lock: an operator's decision. */
    private void put(KnownPeer peer) {
        peers.put(peer.id(), peer);
        if (peer.state() != PeerState.PENDING) {
            pendingFrom.remove(peer.id());
        }
    }

    /** Not holding the lock, on a worker thread: all that was changed is on disk when this returns. */
    private void saveNow() {
        try {
            save();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(
                    "the change is in force, but a restart would forget it: peers.json cannot be written: "
                            + unwritable.getMessage(),
                    unwritable);
        }
    }

    /** Holding the lock, on any thread: what the network reports is written by and by, much of it at once. */
    private void saveSoon() {
        if (!writePlanned) {
            writePlanned = true;
            writer.schedule(this::saveWhatCame, SAVE_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void saveWhatCame() {
        try {
            save();
        } catch (IOException unwritable) {
            LOG.errorf("peers.json cannot be written: %s", unwritable.getMessage());
        }
    }

    /** Writes under a lock of its own, so that no event loop ever waits for the disk. */
    private void save() throws IOException {
        synchronized (file) {
            PeersFile.Content now;
            synchronized (this) {
                writePlanned = false;
                now = new PeersFile.Content(List.copyOf(peers.values()), List.copyOf(superseded.values()));
            }
            file.save(now);
        }
    }

    private void tell(Consumer<PeerListener> event) {
        listeners.forEach(event);
    }

    /** Where no certificates are looked at, none lets in: such a peer awaits approval like any other. */
    private KnownPeer asOfMode(KnownPeer peer) {
        return peer.letInBy() == LetInBy.CERTIFICATE && config.trust().mode() != TrustMode.CA
                ? peer.with(PeerState.PENDING).by(LetInBy.NOTHING)
                : peer;
    }

    private static KnownPeer stranger(PeerId id, String name) {
        return new KnownPeer(
                id,
                Optional.empty(),
                name,
                PeerState.PENDING,
                List.of(),
                Instant.now(),
                Optional.empty(),
                LetInBy.NOTHING,
                KeyNotes.NONE);
    }
}
