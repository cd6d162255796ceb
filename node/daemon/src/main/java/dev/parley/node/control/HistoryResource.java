package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.HistoryPage;
import dev.parley.admin.ReadReply;
import dev.parley.admin.ReadRequest;
import dev.parley.node.message.History;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/history")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class HistoryResource {
    /** Bodies come along, of up to 1 MiB each. */
    private static final int MOST_LISTED = 500;

    private final History history;
    private final KnownPeers peers;
    private final Views views;

    HistoryResource(History history, KnownPeers peers, Views views) {
        this.history = history;
        this.peers = peers;
        this.views = views;
    }

    @GET
    @Operation(
            summary = "messages of both directions, oldest first",
            description = "The newest before the cursor 'before', or the oldest after the cursor 'after'.")
    public HistoryPage page(
            @QueryParam("peer") String peer,
            @QueryParam("group") String group,
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("before") String before,
            @QueryParam("after") String after,
            @QueryParam("search") String search,
            @QueryParam("unread") @DefaultValue("false") String unread) {
        int most = Parameters.number("limit", limit, 1, MOST_LISTED);
        var filter = new History.Filter(
                Optional.ofNullable(peer).map(ref -> peers.resolve(ref).id()),
                Optional.ofNullable(group),
                Optional.ofNullable(search).filter(text -> !text.isEmpty()),
                Parameters.flag("unread", unread));
        if (before != null && after != null) {
            throw Parameters.invalid("the place", "either 'before' or 'after'");
        }
        var page = Stages.await(
                after != null
                        ? history.after(filter, Parameters.cursor("after", after), most)
                        : history.before(
                                filter, before == null ? Long.MAX_VALUE : Parameters.cursor("before", before), most));
        return new HistoryPage(
                page.entries().stream().map(views::entry).toList(),
                page.olderThan().orElse(null),
                page.incomplete());
    }

    @POST
    @Path("/read")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "mark messages that came as read")
    public ReadReply read(ReadRequest body) {
        ReadRequest request = Parameters.body(body);
        long upTo = Parameters.present("upTo", request.upTo());
        Set<PeerId> of = request.peer() == null
                ? history.unreadByPeer().keySet()
                : Set.of(peers.resolve(request.peer()).id());
        long marked = 0;
        for (PeerId each : of) {
            marked += Stages.await(history.markRead(each, upTo));
        }
        return new ReadReply(marked, history.unreadInAll());
    }
}
