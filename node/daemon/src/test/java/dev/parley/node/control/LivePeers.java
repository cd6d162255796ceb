package dev.parley.node.control;

import dev.parley.node.net.PeerNetwork;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver.Sealed;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions with invented peers in the node's own registry. */
@ApplicationScoped
class LivePeers {
    static final Sealed SEALED = new Sealed(0, 0, new byte[20]);

    /** A peer, its session, and what would go to it. */
    record Live(Identity identity, Session session, FakeLink link) {
        PeerId id() {
            return identity.peerId();
        }
    }

    private final SessionRegistry sessions;
    private final KnownPeers peers;
    private final PeerNetwork network;
    private final Map<UUID, Live> open = new ConcurrentHashMap<>();

    LivePeers(SessionRegistry sessions, KnownPeers peers, PeerNetwork network) {
        this.network = network;
        this.sessions = sessions;
        this.peers = peers;
    }

    static Identity identity(String name, String address) {
        return Identity.of(IdentityKey.generate(2048, new SecureRandom()), name, address, List.of());
    }

    /** A trusted peer with a session that is up. */
    Live up(String alias) {
        Identity identity = identity(alias + "'s own name", "");
        peers.introduce(identity.peerId(), Optional.of(alias), List.of(alias + ".example:3001"));
        return session(identity, true);
    }

    Live session(Identity identity, boolean confirmed) {
        var link = new FakeLink();
        var session = new Session(
                new Session.Facts(UUID.randomUUID(), identity, true, "192.0.2.1:3001", Suite.A256GCM, Instant.now()),
                link,
                confirmed);
        var live = new Live(identity, session, link);
        open.put(session.id(), live);
        link.run(() -> sessions.opened(session));
        return live;
    }

    /** Plays the event loop that has written what the link took, and the peer that acknowledges it. */
    void acknowledge(Live live, Record.Message message, Record.AckStatus status) {
        live.link().run(() -> {
            sessions.sent(live.session(), message, SEALED);
            sessions.received(
                    live.session(), new Record.Ack(List.of(new Record.AckEntry(message.id(), status))), SEALED);
        });
    }

    /** Plays the event loop that has written what the link took. */
    void written(Live live, Record.Message message) {
        live.link().run(() -> sessions.sent(live.session(), message, SEALED));
    }

    void receive(Live from, Record record) {
        from.link().run(() -> sessions.received(from.session(), record, SEALED));
    }

    /** A UUIDv7 (RFC 9562 section 5.7). */
    static UUID newMessageId() {
        UUID random = UUID.randomUUID();
        return new UUID(
                System.currentTimeMillis() << 16 | 0x7000 | random.getMostSignificantBits() & 0xfff,
                random.getLeastSignificantBits());
    }

    void end(Live live, Ending ending) {
        open.remove(live.session().id());
        live.link().run(() -> sessions.ended(live.session(), ending));
    }

    /** {@code host:port} of the node itself. */
    String ownAddress() {
        return network.listenAddress();
    }

    /** Ends all sessions and forgets all peers. */
    void clear() {
        open.values().forEach(each -> end(each, ended(Ending.How.CLOSED, Failure.NORMAL)));
        peers.all().stream().map(KnownPeer::id).forEach(peers::forget);
    }

    static Ending ended(Ending.How how, Failure failure) {
        return new Ending(how, failure, failure.code(), "", "detail of ours");
    }
}
