package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.node.message.Messages;
import dev.parley.node.message.SentMessage;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.witness.Proofs;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Proofs of messages. On a platform thread: it looks through the log. */
@Path(AdminApi.BASE + "/messages/{id}/proof")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
class ProofResource {
    private final Messages messages;
    private final KnownPeers peers;
    private final Proofs proofs;

    ProofResource(Messages messages, KnownPeers peers, Proofs proofs) {
        this.messages = messages;
        this.peers = peers;
        this.proofs = proofs;
    }

    @POST
    @Operation(
            summary = "a file that shows a third party that a message was sent",
            description =
                    "The peer is asked for a receipt. With linked=true lines of net.log that are about something else may be in it.")
    public String prove(
            @PathParam("id") String id,
            @QueryParam("peer") String peer,
            @QueryParam("linked") @DefaultValue("true") String linked)
            throws IOException {
        boolean withOthers = Parameters.flag("linked", linked);
        SentMessage message = Parameters.uuid(id)
                .flatMap(each -> Stages.await(messages.get(each)))
                .orElseThrow(
                        () -> new ApiException(ErrorCode.MESSAGE_NOT_FOUND, "this node has sent no message " + id));
        try {
            return proofs.prove(message.id(), receiver(message, peer), withOthers);
        } catch (Proofs.Impossible e) {
            throw new ApiException(ErrorCode.MESSAGE_NOT_FOUND, e.getMessage());
        }
    }

    private PeerId receiver(SentMessage message, String ref) {
        if (ref == null && message.deliveries().size() == 1) {
            return message.deliveries().getFirst().peer();
        }
        if (ref == null) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "peer is missing: the message went to several",
                    "one proof is for one of them");
        }
        PeerId peer = peers.resolve(ref).id();
        if (message.deliveries().stream().noneMatch(each -> each.peer().equals(peer))) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "peer: the message was not for this one");
        }
        return peer;
    }
}
