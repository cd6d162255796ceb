package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.MessageInfo;
import dev.parley.admin.SendRequest;
import dev.parley.node.message.Delivery;
import dev.parley.node.message.DeliveryState;
import dev.parley.node.message.Messages;
import dev.parley.node.message.Progress;
import dev.parley.node.message.SentMessage;
import dev.parley.node.trace.Tracing;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.RunOnVirtualThread;
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
import java.time.Duration;
import java.time.Instant;
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
    private final Tracing tracing;
    private final RoutingContext routing;

    MessageResource(
            Messages messages,
            MessageComposer composer,
            KnownPeers peers,
            Views views,
            Tracing tracing,
            RoutingContext routing) {
        this.messages = messages;
        this.composer = composer;
        this.peers = peers;
        this.views = views;
        this.tracing = tracing;
        this.routing = routing;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "send a message to one peer, to a group or to all",
            description = "The answer comes once the message is durable; with wait=sent or wait=delivered when every "
                    + "delivery is that far or has ended, or when the timeout is over.")
    @APIResponse(responseCode = "200", description = "as far as was asked for, or ended")
    @APIResponse(responseCode = "202", description = "taken, not yet as far as was asked for")
    public RestResponse<MessageInfo> send(
            SendRequest body,
            @QueryParam("wait") @DefaultValue("none") String wait,
            @QueryParam("timeout") @DefaultValue("PT5S") String timeout)
            throws InterruptedException {
        Until until = Parameters.choice("wait", wait, Until.class);
        Duration longest = Parameters.duration("timeout", timeout, LONGEST_WAIT);
        // The step is over once the message is durable: what the caller waits for beyond that has steps of its own.
        var accepted = tracing.request(
                "POST " + AdminApi.BASE + "/messages",
                routing.request().getHeader("traceparent"),
                () -> Stages.await(messages.send(composer.draft(Parameters.body(body)), until != Until.NONE)));
        SentMessage message = accepted.message();
        if (accepted.progress().isEmpty()) {
            return answer(message, message.isSettled());
        }
        Progress progress = accepted.progress().get();
        try {
            boolean reached = await(until == Until.SENT ? progress.sent() : progress.settled(), longest);
            return answer(Stages.await(messages.get(message.id())).orElse(message), reached);
        } finally {
            messages.unfollow(message);
        }
    }

    @GET
    @Operation(summary = "messages that were sent, newest first")
    public List<MessageInfo> all(
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("peer") String peer,
            @QueryParam("state") String state,
            @QueryParam("since") String since) {
        int most = Parameters.number("limit", limit, 1, MOST_LISTED);
        Optional<PeerId> to =
                Optional.ofNullable(peer).map(ref -> peers.resolve(ref).id());
        Optional<DeliveryState> in =
                Optional.ofNullable(state).map(name -> Parameters.choice("state", name, DeliveryState.class));
        Instant from = since == null ? null : Parameters.instant("since", since);
        return Stages.await(messages.sent(to, in, from, most)).stream()
                .map(each -> views.message(each, false))
                .toList();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "one message that was sent, with every attempt to deliver it")
    public MessageInfo one(@PathParam("id") String id) {
        return views.message(find(id), true);
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "take a message back from those that it is not on its way to")
    public MessageInfo cancel(@PathParam("id") String id, @QueryParam("peer") String peer) {
        SentMessage message = find(id);
        Optional<PeerId> only =
                Optional.ofNullable(peer).map(ref -> peers.resolve(ref).id());
        List<Delivery> open = message.deliveries().stream()
                .filter(each -> only.isEmpty() || each.peer().equals(only.get()))
                .filter(each -> !each.state().isFinal())
                .toList();
        int cancelled = 0;
        for (Delivery each : open) {
            cancelled += Stages.await(messages.cancel(message, each)) ? 1 : 0;
        }
        if (cancelled == 0) {
            throw new ApiException(
                    ErrorCode.MESSAGE_STATE,
                    open.isEmpty()
                            ? "the message has ended"
                            : "the message is on its way: the peer may have it already",
                    "'parley message " + message.id() + "' shows where it stands");
        }
        return views.message(find(id), true);
    }

    private RestResponse<MessageInfo> answer(SentMessage message, boolean reached) {
        return RestResponse.status(
                reached ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED, views.message(message, false));
    }

    private SentMessage find(String id) {
        return Parameters.uuid(id)
                .flatMap(each -> Stages.await(messages.get(each)))
                .orElseThrow(() -> new ApiException(
                        ErrorCode.MESSAGE_NOT_FOUND, "the node has sent no message with this id, or has deleted it"));
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
