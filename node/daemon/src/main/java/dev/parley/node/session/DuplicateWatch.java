package dev.parley.node.session;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.PeerEvent;
import dev.parley.node.trust.TrustPolicy;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Notices when two live nodes have one identity (PSP/1 section 8). Every process has a random instance id, which peers ask each other
 * for. A process that was heard from before and after another one of the same identity lives at the same time as that: a
 * restart cannot look so, since what has ended never answers again. Only answers to what was asked after the other one was heard
 * count, so that nothing that was on its way for long can accuse anybody.
 */
@ApplicationScoped
public class DuplicateWatch implements SessionObserver {

    /** Is told when two nodes with one identity are noticed, once for each pair. Every bean of this type is told. */
    public interface Listener {
        /** On an event loop: returns at once. @param remote where each of the two is */
        void duplicate(PeerId peer, String remote, String otherRemote);
    }

    /** Instances of one peer that are remembered: a node that restarts more often than that forgets the oldest. */
    private static final int INSTANCES = 8;

    private static final Logger LOG = Logger.getLogger(DuplicateWatch.class);

    private final SessionRegistry sessions;
    private final TrustPolicy trust;
    private final AuditLog audit;
    private final List<Listener> listeners;
    private final UUID own = UUID.randomUUID();
    private final Map<PeerId, Peer> peers = new HashMap<>();
    /** When each session was asked what it has not answered yet; answers come in the order of the questions. */
    private final Map<Session, Deque<Long>> asked = new HashMap<>();

    /** Counts what happens here: orders asking and answers. */
    private long now;

    /** What was heard of one peer's instances. */
    private static final class Peer {
        /** By instance, the one heard from last at the end. */
        final LinkedHashMap<UUID, Heard> heard = new LinkedHashMap<>();

        Optional<String> duplicate = Optional.empty();
    }

    /** @param first when it first answered, @param last when it last did, @param accused whether it was told of already */
    private record Heard(long first, long last, String remote, boolean accused) {}

    DuplicateWatch(SessionRegistry sessions, TrustPolicy trust, AuditLog audit, @All List<Listener> listeners) {
        this.sessions = sessions;
        this.trust = trust;
        this.audit = audit;
        this.listeners = listeners;
    }

    /** Where another node with this peer's identity was seen since this node started. */
    public synchronized Optional<String> duplicateOf(PeerId peer) {
        return Optional.ofNullable(peers.get(peer)).flatMap(known -> known.duplicate);
    }

    /** What the operator should know, one sentence for each peer. */
    public synchronized List<String> warnings() {
        return peers.entrySet().stream()
                .filter(each -> each.getValue().duplicate.isPresent())
                .map(each -> "two live nodes have the identity of "
                        + trust.alias(each.getKey()).orElseGet(each.getKey()::toString) + " ("
                        + each.getValue().duplicate.get()
                        + "): one is a copy that was made by mistake, or somebody has stolen its key")
                .toList();
    }

    @Override
    public void sessionUp(Session session) {
        ask(session);
    }

    @Override
    public void received(Session session, Record record, Sealed sealed) {
        if (!(record instanceof Record.Instance instance)) {
            return;
        }
        switch (instance.word()) {
            case ASK -> session.send(new Record.Instance(own, Record.InstanceWord.ANSWER));
            case ANSWER -> answered(session, instance.instance());
        }
    }

    @Override
    public synchronized void sessionEnded(Session session, Ending ending) {
        asked.remove(session);
    }

    private void ask(Session session) {
        if (session.send(new Record.Instance(own, Record.InstanceWord.ASK))) {
            synchronized (this) {
                asked.computeIfAbsent(session, each -> new ArrayDeque<>()).add(++now);
            }
        }
    }

    private void answered(Session session, UUID instance) {
        PeerId peer = session.peerId();
        String remote = session.facts().remoteAddress();
        String other = null;
        boolean isNew;
        synchronized (this) {
            Deque<Long> questions = asked.get(session);
            if (questions == null || questions.isEmpty()) {
                // Nothing was asked, so this proves nothing.
                return;
            }
            long askedAt = questions.remove();
            Peer known = peers.computeIfAbsent(peer, id -> new Peer());
            Heard before = known.heard.remove(instance);
            isNew = before == null && !known.heard.isEmpty();
            boolean accused = before != null && before.accused();
            if (before != null && !accused) {
                Optional<Heard> between = known.heard.values().stream()
                        .filter(each -> each.last() > before.first() && each.last() < askedAt)
                        .findFirst();
                if (between.isPresent()) {
                    other = between.get().remote();
                    accused = true;
                    known.duplicate = Optional.of(other + " and " + remote);
                }
            }
            now++;
            known.heard.put(instance, new Heard(before == null ? now : before.first(), now, remote, accused));
            if (known.heard.size() > INSTANCES) {
                known.heard.pollFirstEntry();
            }
        }
        if (isNew) {
            // Whether the one before has ended, or lives on beside it.
            sessions.of(peer).stream().filter(each -> each != session).forEach(each -> each.execute(() -> ask(each)));
        }
        if (other != null) {
            tell(peer, remote, other);
        }
    }

    private void tell(PeerId peer, String remote, String other) {
        Optional<String> alias = trust.alias(peer);
        LOG.errorf(
                "TWO NODES, ONE IDENTITY: %s answers at %s and at %s", alias.orElseGet(peer::toString), remote, other);
        audit.record(new PeerEvent.DuplicateIdentity(peer.toString(), alias.orElse(null), remote, other));
        listeners.forEach(each -> each.duplicate(peer, remote, other));
    }
}
