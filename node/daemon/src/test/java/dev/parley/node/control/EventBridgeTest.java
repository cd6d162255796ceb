package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.admin.DeliveryState;
import dev.parley.admin.NodeEvent;
import dev.parley.admin.PeerState;
import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.control.LivePeers.Live;
import dev.parley.node.message.Messages;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.Ending.How;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens below arrives as an event. */
@QuarkusTest
@TestProfile(TcpProfile.class)
class EventBridgeTest {
    private static final int DEADLINE_MILLIS = 10_000;

    @Inject
    EventStream events;

    @Inject
    LivePeers live;

    @Inject
    KnownPeers peers;

    @Inject
    SessionRegistry sessions;

    @Inject
    MessageComposer composer;

    @Inject
    Messages messages;

    private EventSubscription subscription;

    @BeforeEach
    void follow() {
        subscription = events.subscribe(Set.of());
    }

    @AfterEach
    void end() {
        subscription.close();
        live.clear();
    }

    /** The next event of this kind; those before it are skipped. */
    private <E extends NodeEvent> E next(Class<E> kind) throws InterruptedException {
        while (true) {
            NodeEvent event = subscription.next(DEADLINE_MILLIS).orElseThrow();
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }

    private void receive(Live from, String mediaType, byte[] payload) {
        var message = new Record.Message(newId(), 1000, Record.Scope.DIRECT, "", mediaType, payload);
        sessions.received(from.session(), message, LivePeers.SEALED);
    }

    /** A UUIDv7 (RFC 9562 section 5.7). */
    private static UUID newId() {
        var random = UUID.randomUUID();
        return new UUID(
                System.currentTimeMillis() << 16 | 0x7000 | random.getMostSignificantBits() & 0xfff,
                random.getLeastSignificantBits());
    }

    @Test
    void aSessionComesUpAndEnds() throws Exception {
        var bob = live.up("bob");
        var up = next(NodeEvent.SessionUp.class);
        assertThat(up.session().alias()).isEqualTo("bob");
        live.end(bob, LivePeers.ended(How.CLOSED_BY_PEER, Failure.SHUTTING_DOWN));
        var closed = next(NodeEvent.SessionClosed.class);
        assertThat(closed.sessionId()).isEqualTo(up.session().sessionId());
        assertThat(closed.code()).isEqualTo(8);
        assertThat(closed.reason()).isEqualTo("shutting down");
        assertThat(closed.byPeer()).isTrue();
    }

    @Test
    void aSessionThatTheOperatorNeverLetUpEndsWithoutAWord() throws Exception {
        var stranger = live.session(LivePeers.identity("stranger", ""), false);
        live.end(stranger, LivePeers.ended(How.CLOSED, Failure.NORMAL));
        assertThat(subscription.next(0)).isEmpty();
    }

    @Test
    void tamperingIsTold() throws Exception {
        var bob = live.up("bob");
        live.end(bob, LivePeers.ended(How.TAMPERED, Failure.HANDSHAKE_FAILED));
        var tampering = next(NodeEvent.Tampering.class);
        assertThat(tampering.alias()).isEqualTo("bob");
        assertThat(tampering.remoteAddress()).isEqualTo("192.0.2.1:3001");
        var closed = next(NodeEvent.SessionClosed.class);
        assertThat(closed.code()).isNull();
        assertThat(closed.reason()).isEqualTo("detail of ours");
    }

    @Test
    void decisionsAboutPeersAreTold() throws Exception {
        var dave = LivePeers.identity("Dave", "");
        peers.decide(dave, "192.0.2.7:5000", Role.RESPONDER, event -> CompletableFuture.completedStage(null));
        var pending = next(NodeEvent.PeerPending.class);
        assertThat(pending.remoteAddress()).isEqualTo("192.0.2.7:5000");
        assertThat(pending.peer().claimedName()).isEqualTo("Dave");
        peers.approve(dave.peerId(), Optional.of("dave"));
        assertThat(next(NodeEvent.PeerApproved.class).peer().alias()).isEqualTo("dave");
        peers.verify(dave.peerId());
        assertThat(next(NodeEvent.PeerVerified.class).peer().state()).isEqualTo(PeerState.VERIFIED);
        peers.rename(dave.peerId(), "david");
        assertThat(next(NodeEvent.PeerRenamed.class).peer().alias()).isEqualTo("david");
        var other = LivePeers.identity("other", "").peerId();
        peers.keyChanged(dave.peerId(), "h:1", other);
        var changed = next(NodeEvent.PeerKeyChanged.class);
        assertThat(changed.expectedPeerId()).isEqualTo(dave.peerId().toString());
        assertThat(changed.actualPeerId()).isEqualTo(other.toString());
        peers.block(dave.peerId());
        assertThat(next(NodeEvent.PeerBlocked.class).peer().state()).isEqualTo(PeerState.BLOCKED);
        peers.forget(dave.peerId());
        assertThat(next(NodeEvent.PeerForgotten.class).alias()).isEqualTo("david");
    }

    @Test
    void aTextArrivesAsText() throws Exception {
        var bob = live.up("bob");
        receive(bob, "Text/Plain", "grüß dich".getBytes(StandardCharsets.UTF_8));
        var received = next(NodeEvent.MessageReceived.class);
        assertThat(received.text()).isEqualTo("grüß dich");
        assertThat(received.bodyBase64()).isNull();
        assertThat(received.alias()).isEqualTo("bob");
        assertThat(received.size()).isEqualTo(11);
        assertThat(received.sentAt()).hasToString("1970-01-01T00:00:01Z");
        assertThat(received.group()).isNull();
    }

    @Test
    void bytesArriveAsBytes() throws Exception {
        var bob = live.up("bob");
        byte[] notUtf8 = {(byte) 0xff, 0};
        for (String mediaType : new String[] {"text/plain", "image/png"}) {
            receive(bob, mediaType, notUtf8);
            var received = next(NodeEvent.MessageReceived.class);
            assertThat(received.text()).isNull();
            assertThat(Base64.getDecoder().decode(received.bodyBase64())).isEqualTo(notUtf8);
        }
    }

    @Test
    void aMessageOfOursIsFollowedToItsEnd() throws Exception {
        var bob = live.up("bob");
        var draft = composer.draft(dev.parley.admin.SendRequest.text("bob", "hi"));
        var composed = Stages.await(messages.send(draft, false)).message();
        await().until(() -> !bob.link().messages().isEmpty());
        live.acknowledge(bob, bob.link().messages().getLast(), Record.AckStatus.STORED);
        var sent = next(NodeEvent.MessageChanged.class);
        assertThat(sent.id()).isEqualTo(composed.id());
        assertThat(sent.delivery().state()).isEqualTo(DeliveryState.SENT);
        assertThat(next(NodeEvent.MessageChanged.class).delivery().state()).isEqualTo(DeliveryState.DELIVERED);
    }
}
