package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.PruneReply;
import dev.parley.admin.RestoreReply;
import dev.parley.admin.StoreInfo;
import dev.parley.node.message.History;
import dev.parley.node.message.Messages;
import dev.parley.node.message.Retention;
import dev.parley.node.message.StoreFacts;
import dev.parley.node.message.Usage;
import dev.parley.node.store.Backups;
import dev.parley.node.store.Store;
import dev.parley.node.store.StoreException;
import dev.parley.node.transfer.Transfers;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/store")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class StoreResource {
    private static final Duration OLDEST = Duration.ofDays(36_500);

    private final Store store;
    private final Messages messages;
    private final History history;
    private final Retention retention;
    private final StoreFacts facts;
    private final Transfers transfers;
    private final Views views;

    StoreResource(
            Store store,
            Messages messages,
            History history,
            Retention retention,
            StoreFacts facts,
            Transfers transfers,
            Views views) {
        this.store = store;
        this.messages = messages;
        this.history = history;
        this.retention = retention;
        this.facts = facts;
        this.transfers = transfers;
        this.views = views;
    }

    @GET
    @Operation(summary = "what the store holds, and how large it is")
    public StoreInfo info() {
        StoreFacts.Sizes sizes = Stages.await(facts.sizes());
        return new StoreInfo(
                store.database().file().toString(),
                store.database().bytes(),
                sizes.reclaimable(),
                transfers.spoolBytes(),
                store.freeBytes(),
                store.hasRoom(),
                amount(messages.waiting().inAll()),
                amount(sizes.ended()),
                amount(history.received().inAll()),
                history.unreadInAll(),
                sizes.oldest().orElse(null),
                shares());
    }

    @POST
    @Path("/compact")
    @Operation(summary = "give the room of deleted messages back to the disk; nothing is taken meanwhile")
    public StoreInfo compact() {
        Stages.await(store.database().compact());
        return info();
    }

    @POST
    @Path("/prune")
    @Operation(summary = "delete what was read or has ended and is older than a duration")
    public PruneReply prune(@QueryParam("older") String older) {
        Duration age = Parameters.duration("older", Parameters.present("older", older), OLDEST);
        Retention.Pruned pruned = retention.prune(age);
        return new PruneReply(pruned.sent(), pruned.received());
    }

    @GET
    @Path("/backup")
    @Produces(AdminApi.BYTES)
    @Operation(summary = "a consistent copy of the store, made while the node goes on")
    public Response backup(RoutingContext routing) throws IOException {
        java.nio.file.Path copy = store.backup();
        StreamingOutput output = out -> {
            try {
                Files.copy(copy, out);
            } catch (IOException gone) {
                // The length that was promised does not come, so nobody takes what came for the whole.
                Connections.abort(routing.request().connection());
            } finally {
                Files.deleteIfExists(copy);
            }
        };
        return Response.ok(output)
                .header(HttpHeaders.CONTENT_LENGTH, Files.size(copy))
                .build();
    }

    @POST
    @Path("/restore")
    @Consumes(AdminApi.BYTES)
    @Operation(summary = "check a backup, and have it take the store's place at the next start")
    public RestoreReply restore(InputStream body, RoutingContext routing) throws IOException {
        java.nio.file.Path file = store.newBackupFile();
        try {
            Files.copy(Parameters.body(body), file);
            Backups.Content content = store.restoreAtNextStart(file);
            return new RestoreReply(content.bytes(), content.madeAt(), content.received(), content.waiting());
        } catch (StoreException.Unusable wrong) {
            throw new ApiException(
                    ErrorCode.BACKUP_INVALID, wrong.getMessage(), "'parley backup' makes files that this takes");
        } catch (IOException | RuntimeException failed) {
            // What is left of the body is not worth reading.
            Connections.closeAfter(routing);
            throw failed;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private List<StoreInfo.Share> shares() {
        Map<PeerId, Usage.Amount> waiting = messages.waiting().byPeer();
        Map<PeerId, Usage.Amount> received = history.received().byPeer();
        var peers = new TreeMap<PeerId, Boolean>();
        waiting.keySet().forEach(peer -> peers.put(peer, true));
        received.keySet().forEach(peer -> peers.put(peer, true));
        return peers.keySet().stream()
                .map(peer -> new StoreInfo.Share(
                        peer.toString(),
                        views.alias(peer),
                        amount(messages.waiting().of(peer)),
                        amount(history.received().of(peer)),
                        history.unread(peer)))
                .toList();
    }

    private static StoreInfo.Amount amount(Usage.Amount amount) {
        return new StoreInfo.Amount(amount.messages(), amount.bytes());
    }
}
