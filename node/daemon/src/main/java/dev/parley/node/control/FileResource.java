package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.TransferInfo;
import dev.parley.admin.TransferState;
import dev.parley.node.store.StoreException;
import dev.parley.node.transfer.Content;
import dev.parley.node.transfer.Transfer;
import dev.parley.node.transfer.TransferException;
import dev.parley.node.transfer.Transfers;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerState;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** Files. What streams is on platform threads: it works as hard as the disk allows, which others must not wait for. */
@Path(AdminApi.BASE + "/files")
@Produces(MediaType.APPLICATION_JSON)
class FileResource {
    private static final int MOST_LISTED = 10_000;

    private final Transfers transfers;
    private final KnownPeers peers;
    private final TransferViews views;

    FileResource(Transfers transfers, KnownPeers peers, TransferViews views) {
        this.transfers = transfers;
        this.peers = peers;
        this.views = views;
    }

    @POST
    @Consumes(AdminApi.BYTES)
    @Blocking
    @Operation(
            summary = "send a file to a peer, present or absent",
            description = "The answer comes once the node has all of it.")
    @APIResponse(responseCode = "201", description = "taken; it is sent from now on")
    public RestResponse<TransferInfo> send(
            InputStream body,
            @QueryParam("peer") String peer,
            @QueryParam("name") String name,
            @QueryParam("mediaType") @DefaultValue(AdminApi.BYTES) String mediaType,
            RoutingContext routing)
            throws IOException {
        try {
            PeerId to = recipient(Parameters.present("peer", peer));
            Parameters.present("name", name);
            if (!mediaType.matches("[ -~]{1," + AdminApi.MAX_MEDIA_TYPE + "}")) {
                throw Parameters.invalid(
                        "mediaType", "1 to " + AdminApi.MAX_MEDIA_TYPE + " characters of printable ASCII");
            }
            InputStream content = body == null ? InputStream.nullInputStream() : body;
            Transfer taken = transfers.send(to, name, mediaType, declared(routing), content);
            return RestResponse.status(RestResponse.Status.CREATED, views.of(taken));
        } catch (RuntimeException refused) {
            // What is left of the file is not worth reading.
            Connections.closeAfter(routing);
            throw translated(refused);
        }
    }

    @GET
    @RunOnVirtualThread
    @Operation(summary = "files that were sent and that came, newest first")
    public List<TransferInfo> all(
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("peer") String peer,
            @QueryParam("state") String state) {
        int most = Parameters.number("limit", limit, 1, MOST_LISTED);
        Optional<PeerId> with =
                Optional.ofNullable(peer).map(ref -> peers.resolve(ref).id());
        var in = Optional.ofNullable(state)
                .map(text -> Parameters.choice("state", text, TransferState.class))
                .map(each -> dev.parley.node.transfer.TransferState.valueOf(each.name()));
        return transfers.list(with, in, most).stream().map(views::of).toList();
    }

    @GET
    @Path("/{id}")
    @RunOnVirtualThread
    @Operation(summary = "one transfer")
    public TransferInfo one(@PathParam("id") String id) {
        return with(id, known -> views.of(transfers.get(known).orElseThrow(FileResource::notFound)));
    }

    @POST
    @Path("/{id}/accept")
    @RunOnVirtualThread
    @Operation(summary = "take a file that is offered")
    public TransferInfo accept(@PathParam("id") String id) {
        return with(id, offered -> views.of(transfers.accept(offered)));
    }

    @POST
    @Path("/{id}/decline")
    @RunOnVirtualThread
    @Operation(summary = "refuse a file that is offered")
    public TransferInfo decline(@PathParam("id") String id) {
        return with(id, offered -> views.of(transfers.decline(offered)));
    }

    @DELETE
    @Path("/{id}")
    @RunOnVirtualThread
    @Operation(summary = "cancel a transfer, or remove one that has ended together with its content")
    @APIResponse(responseCode = "200", description = "cancelled")
    @APIResponse(responseCode = "204", description = "removed")
    public RestResponse<TransferInfo> cancel(@PathParam("id") String id) {
        return with(
                id,
                known -> transfers
                        .cancelOrRemove(known)
                        .map(cancelled -> RestResponse.ok(views.of(cancelled)))
                        .orElseGet(RestResponse::noContent));
    }

    @GET
    @Path("/{id}/content")
    @Produces(AdminApi.BYTES)
    @Blocking
    @Operation(summary = "the content of a file that has come")
    @APIResponse(responseCode = "200", description = "all of it, with its hash in the header " + AdminApi.SHA256_HEADER)
    public Response content(@PathParam("id") String id, RoutingContext routing) {
        Content content = with(id, transfers::content);
        StreamingOutput output = out -> {
            try {
                content.writeTo(out);
            } catch (IOException | StoreException broken) {
                // The length that was promised does not come, so nobody takes what came for the whole.
                Connections.abort(routing.request().connection());
            }
        };
        return Response.ok(output)
                .header(
                        HttpHeaders.CONTENT_LENGTH.toString(),
                        content.transfer().size())
                .header(AdminApi.SHA256_HEADER, TransferViews.sha256(content.transfer()))
                .build();
    }

    private PeerId recipient(String ref) {
        KnownPeer peer = peers.resolve(ref);
        if (!peer.state().isLetIn()) {
            throw new ApiException(
                    ErrorCode.PEER_STATE,
                    peer.state() == PeerState.BLOCKED ? "the peer is blocked" : "the peer awaits your approval",
                    "'parley peers approve " + peer.shown() + "' lets it in");
        }
        return peer.id();
    }

    private static OptionalLong declared(RoutingContext routing) {
        String length = routing.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
    }

    private static <T> T with(String id, Function<UUID, T> action) {
        UUID known = Parameters.uuid(id).orElseThrow(FileResource::notFound);
        try {
            return action.apply(known);
        } catch (RuntimeException refused) {
            throw translated(refused);
        }
    }

    private static RuntimeException translated(RuntimeException failure) {
        return switch (failure) {
            case TransferException ours -> new ApiException(code(ours.reason()), ours.getMessage());
            case StoreException.Full full -> new ApiException(ErrorCode.STORE_FULL, full.getMessage());
            default -> failure;
        };
    }

    private static ErrorCode code(TransferException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> ErrorCode.TRANSFER_NOT_FOUND;
            case STATE -> ErrorCode.TRANSFER_STATE;
            case TOO_LARGE -> ErrorCode.FILE_TOO_LARGE;
            case QUOTA -> ErrorCode.QUOTA_REACHED;
            case FULL -> ErrorCode.STORE_FULL;
            case BUSY -> ErrorCode.NODE_BUSY;
        };
    }

    private static ApiException notFound() {
        return new ApiException(
                ErrorCode.TRANSFER_NOT_FOUND, "there is no transfer with this id, or the node has forgotten it");
    }
}
