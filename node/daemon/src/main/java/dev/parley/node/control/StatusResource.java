package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.IdentityInfo;
import dev.parley.admin.NodeStatus;
import dev.parley.admin.PeerState;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.message.History;
import dev.parley.node.message.Messages;
import dev.parley.node.net.Dialer;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.session.DuplicateWatch;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.store.Store;
import dev.parley.node.transfer.Transfers;
import dev.parley.node.trust.CertificateWatch;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class StatusResource {
    private static final int PEM_LINE = 64;

    private final NodeFacts facts;
    private final LogCheck logCheck;
    private final ParleyConfig config;
    private final PeerNetwork network;
    private final SessionRegistry sessions;
    private final Dialer dialer;
    private final KnownPeers peers;
    private final Messages messages;
    private final History history;
    private final Store store;
    private final Transfers transfers;
    private final CertificateWatch certificates;
    private final DuplicateWatch duplicates;
    private final IdentityKeeper keeper;
    private final String version;

    StatusResource(
            NodeFacts facts,
            LogCheck logCheck,
            DuplicateWatch duplicates,
            IdentityKeeper keeper,
            ParleyConfig config,
            PeerNetwork network,
            SessionRegistry sessions,
            Dialer dialer,
            KnownPeers peers,
            Messages messages,
            History history,
            Store store,
            Transfers transfers,
            CertificateWatch certificates,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.facts = facts;
        this.logCheck = logCheck;
        this.duplicates = duplicates;
        this.keeper = keeper;
        this.config = config;
        this.network = network;
        this.sessions = sessions;
        this.dialer = dialer;
        this.peers = peers;
        this.messages = messages;
        this.history = history;
        this.store = store;
        this.transfers = transfers;
        this.certificates = certificates;
        this.version = version;
    }

    @GET
    @Path("/status")
    @Operation(summary = "how the node is")
    public NodeStatus status() {
        Identity identity = identityOrBusy();
        var management = facts.managementPort();
        return new NodeStatus(
                AdminApi.VERSION,
                version,
                ProcessHandle.current().pid(),
                identity.peerId().toString(),
                identity.name(),
                network.listenAddress(),
                facts.startedAt(),
                Duration.between(facts.startedAt(), Instant.now()).toMillis(),
                config.dataDir().toAbsolutePath().normalize().toString(),
                management.isPresent() ? management.getAsInt() : null,
                config.trust().mode().key(),
                config.suites(),
                Crypto.best().name(),
                facts.ready(),
                Stream.of(
                                facts.warnings(),
                                logCheck.warnings(),
                                store.warnings(),
                                certificates.warnings(),
                                duplicates.warnings())
                        .flatMap(List::stream)
                        .toList(),
                new NodeStatus.Counts(
                        sessions.size(),
                        dialer.wanted().size(),
                        peersByState(),
                        messagesByState(),
                        history.unreadInAll(),
                        transfers.open()));
    }

    /** For {@link IdentityResource}, to which the path belongs. */
    IdentityInfo identity() {
        Identity identity = identityOrBusy();
        IdentityKeeper.Course course = keeper.course();
        return new IdentityInfo(
                identity.peerId().toString(),
                identity.name(),
                identity.address().isEmpty() ? null : identity.address(),
                identity.publicKey().getAlgorithm(),
                identity.publicKey().getModulus().bitLength(),
                pem(identity.publicKey().getEncoded()),
                Views.safetyText(identity.peerId()),
                course.previous().map(PeerId::toString).orElse(null),
                course.graceEnd().orElse(null),
                course.next().map(PeerId::toString).orElse(null));
    }

    private Identity identityOrBusy() {
        if (!facts.ready()) {
            throw new ApiException(ErrorCode.NODE_BUSY, "the node is starting", "try again in a moment");
        }
        return facts.identity();
    }

    private Map<PeerState, Integer> peersByState() {
        Map<PeerState, Integer> counts = zeros(PeerState.class);
        peers.all().forEach(peer -> counts.merge(PeerState.valueOf(peer.state().name()), 1, Integer::sum));
        return counts;
    }

    private Map<DeliveryState, Long> messagesByState() {
        Map<DeliveryState, Long> counts = new EnumMap<>(DeliveryState.class);
        long[] byState = messages.counts();
        for (var state : dev.parley.node.message.DeliveryState.values()) {
            counts.put(DeliveryState.valueOf(state.name()), byState[state.ordinal()]);
        }
        return counts;
    }

    private static <E extends Enum<E>> Map<E, Integer> zeros(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(Function.identity(), each -> 0, Integer::sum, () -> new EnumMap<>(type)));
    }

    private static String pem(byte[] subjectPublicKeyInfo) {
        byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(PEM_LINE, newline).encodeToString(subjectPublicKeyInfo)
                + "\n-----END PUBLIC KEY-----\n";
    }
}
