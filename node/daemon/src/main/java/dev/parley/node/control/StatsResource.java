package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.NodeStats;
import dev.parley.admin.TransferState;
import dev.parley.node.message.History;
import dev.parley.node.message.Messages;
import dev.parley.node.message.StoreFacts;
import dev.parley.node.message.Usage;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.net.Penalties;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.store.Store;
import dev.parley.node.transfer.Transfer;
import dev.parley.node.transfer.Transfers;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerState;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/stats")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class StatsResource {
    /** What waits longest is looked for in the database: not for everybody who looks, twice a second. */
    private static final Duration OLDEST_EVERY = Duration.ofSeconds(5);

    private final NodeFacts facts;
    private final PeerNetwork network;
    private final SessionRegistry sessions;
    private final SessionTotals totals;
    private final KnownPeers peers;
    private final Messages messages;
    private final History history;
    private final StoreFacts storeFacts;
    private final Store store;
    private final Transfers transfers;
    private final Views views;
    private volatile Oldest oldest = new Oldest(Instant.MIN, Optional.empty());

    private record Oldest(Instant lookedAt, Optional<Instant> takenAt) {}

    StatsResource(
            NodeFacts facts,
            PeerNetwork network,
            SessionRegistry sessions,
            SessionTotals totals,
            KnownPeers peers,
            Messages messages,
            History history,
            StoreFacts storeFacts,
            Store store,
            Transfers transfers,
            Views views) {
        this.facts = facts;
        this.network = network;
        this.sessions = sessions;
        this.totals = totals;
        this.peers = peers;
        this.messages = messages;
        this.history = history;
        this.storeFacts = storeFacts;
        this.store = store;
        this.transfers = transfers;
        this.views = views;
    }

    @GET
    @Operation(summary = "the node in figures; rates are differences between two of these")
    public NodeStats stats() {
        if (!facts.ready()) {
            throw new ApiException(ErrorCode.NODE_BUSY, "the node is starting", "try again in a moment");
        }
        Runtime memory = Runtime.getRuntime();
        List<Transfer> unfinished = transfers.unfinished();
        return new NodeStats(
                Instant.now(),
                facts.identity().peerId().toString(),
                facts.identity().name(),
                facts.startedAt(),
                facts.ready(),
                facts.auditWritable(),
                facts.auditLines(),
                ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toMillis)
                        .orElse(null),
                memory.totalMemory() - memory.freeMemory(),
                totals.now(),
                outbox(),
                history.unreadInAll(),
                peers.all().stream()
                        .filter(each -> each.state() == PeerState.PENDING)
                        .count(),
                network.penalties().map(Penalties::heldBack).orElse(0),
                LimitViews.heldBack(network, NodeStats.MAX_HELD_BACK),
                network.halfOpen(),
                LimitViews.refused(network),
                store.freeBytes(),
                sessions.all().stream().map(views::session).toList(),
                unfinished.stream()
                        .limit(NodeStats.MAX_TRANSFERS)
                        .map(this::transfer)
                        .toList(),
                unfinished.size());
    }

    private NodeStats.Outbox outbox() {
        Usage.Amount waiting = messages.waiting().inAll();
        if (waiting.messages() == 0) {
            return new NodeStats.Outbox(0, 0, null);
        }
        Oldest known = oldest;
        Instant now = Instant.now();
        if (known.lookedAt().isBefore(now.minus(OLDEST_EVERY))
                || known.takenAt().isEmpty()) {
            known = new Oldest(now, Stages.await(storeFacts.oldestWaiting()));
            oldest = known;
        }
        return new NodeStats.Outbox(
                waiting.messages(), waiting.bytes(), known.takenAt().orElse(null));
    }

    private NodeStats.Transfer transfer(Transfer transfer) {
        return new NodeStats.Transfer(
                transfer.id(),
                transfer.outgoing(),
                transfer.peer().toString(),
                views.alias(transfer.peer()),
                TransferState.valueOf(transfer.state().name()),
                transfer.size(),
                transfer.transferred());
    }
}
