package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.MessageInfo;
import dev.parley.admin.SendRequest;
import dev.parley.node.message.Messages;
import dev.parley.node.message.OutgoingMessage;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

@Path(AdminApi.BASE + "/messages")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class MessageResource {
    private static final int MOST_LISTED = 10_000;
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final Messages messages;
    private final MessageComposer composer;
    private final KnownPeers peers;
    private final Views views;

    MessageResource(Messages messages, MessageComposer composer, KnownPeers peers, Views views) {
        this.messages = messages;
        this.composer = composer;
        this.peers = peers;
        this.views = views;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "send a message to one peer, or to all that are connected",
            description =
                    "With wait=sent or wait=delivered the answer comes when every delivery is that far or has ended, "
                            + "or when the timeout is over.")
    @APIResponse(responseCode = "200", description = "as far as was asked for, or ended")
    @APIResponse(responseCode = "202", description = "taken, not yet as far as was asked for")
    public RestResponse<MessageInfo> send(
            SendRequest body,
            @QueryParam("wait") @DefaultValue("none") String wait,
            @QueryParam("timeout") @DefaultValue("PT5S") String timeout)
            throws InterruptedException {
        Until until = Parameters.choice("wait", wait, Until.class);
        Duration longest = Parameters.duration("timeout", timeout, LONGEST_WAIT);
        OutgoingMessage message = composer.send(Parameters.body(body));
        boolean reached = switch (until) {
            case NONE -> message.isSettled();
            case SENT -> await(message.written(), longest);
            case DELIVERED -> await(message.settled(), longest);
        };
        return RestResponse.status(
                reached ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED, views.message(message));
    }

    @GET
    @Operation(summary = "messages that were sent, newest first")
    public List<MessageInfo> all(
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("peer") String peer,
            @QueryParam("state") String state) {
        int most = Parameters.number("limit", limit, 1, MOST_LISTED);
        Optional<PeerId> to =
                Optional.ofNullable(peer).map(ref -> peers.resolve(ref).id());
        Optional<DeliveryState> in =
                Optional.ofNullable(state).map(name -> Parameters.choice("state", name, DeliveryState.class));
        return messages.sent(Integer.MAX_VALUE).stream()
                .filter(message -> to.isEmpty() || message.delivery(to.get()).isPresent())
                .map(views::message)
                .filter(message -> in.isEmpty() || message.summary().containsKey(in.get()))
                .limit(most)
                .toList();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "one message that was sent")
    public MessageInfo one(@PathParam("id") String id) {
        return Parameters.uuid(id)
                .flatMap(messages::get)
                .map(views::message)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.MESSAGE_NOT_FOUND, "the node has sent no message with this id, or has forgotten it"));
    }

    private static boolean await(CompletionStage<Void> stage, Duration longest) throws InterruptedException {
        try {
            stage.toCompletableFuture().get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("a message's progress never fails", impossible);
        }
    }

    /** How far a message is to be before the answer comes. */
    enum Until {
        NONE,
        SENT,
        DELIVERED
    }
}
