package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.WitnessInfo;
import dev.parley.evidence.SignedHead;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.witness.Exchange;
import dev.parley.node.witness.NoAnswer;
import dev.parley.node.witness.Witnesses;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What peers hold of each other's logs. {@code ref} is an alias, a PeerId or a unique prefix of one. */
@Path(AdminApi.BASE + "/witness")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class WitnessResource {
    private final KnownPeers peers;
    private final Witnesses witnesses;
    private final Exchange exchange;

    WitnessResource(KnownPeers peers, Witnesses witnesses, Exchange exchange) {
        this.peers = peers;
        this.witnesses = witnesses;
        this.exchange = exchange;
    }

    @GET
    @Path("/{ref}")
    @Operation(summary = "what this node holds of a peer's log, the oldest first")
    public List<WitnessInfo> held(@PathParam("ref") String ref) {
        return identities(id(ref)).stream()
                .flatMap(each -> Stages.await(witnesses.of(each)).stream())
                .sorted(Comparator.comparing(Witnesses.Held::cameAt))
                .map(each -> info(each.head(), each.cameAt(), each.evidence()))
                .toList();
    }

    /** The peer's keys until now: each has signed what its log had come to in its time. */
    private List<PeerId> identities(PeerId present) {
        List<PeerId> all = new ArrayList<>(List.of(present));
        peers.successions().forEach((old, now) -> {
            if (now.equals(present)) {
                all.add(old);
            }
        });
        return all;
    }

    @GET
    @Path("/{ref}/own")
    @Operation(summary = "what a peer holds of this node's log; the peer is asked")
    public List<WitnessInfo> own(@PathParam("ref") String ref) {
        try {
            return Stages.await(exchange.heldBy(id(ref))).stream()
                    .map(each -> info(each, null, false))
                    .toList();
        } catch (NoAnswer e) {
            throw new ApiException(
                    e.isLate() ? ErrorCode.TIMED_OUT : ErrorCode.PEER_STATE,
                    e.getMessage(),
                    "the peer's operator can write what it holds to a file: parley audit witness PEER -o FILE");
        }
    }

    /** What is held of a peer's log stays when the peer is forgotten: then its whole id is asked for. */
    private PeerId id(String ref) {
        return ref.matches("[a-z2-7]{52}")
                ? Parameters.peerId("ref", ref)
                : peers.resolve(ref).id();
    }

    private static WitnessInfo info(SignedHead head, Instant cameAt, boolean evidence) {
        return new WitnessInfo(head.encode(), head.seq(), Instant.parse(head.time()), cameAt, evidence);
    }
}
