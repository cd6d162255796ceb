package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.ForgiveReply;
import dev.parley.admin.ForgiveRequest;
import dev.parley.admin.LimitsInfo;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.ConnectionEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.net.Penalties;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.AddressKey;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerState;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/limits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class LimitsResource {
    private final ParleyConfig config;
    private final PeerNetwork network;
    private final SessionRegistry sessions;
    private final KnownPeers peers;
    private final AuditLog audit;

    LimitsResource(
            ParleyConfig config, PeerNetwork network, SessionRegistry sessions, KnownPeers peers, AuditLog audit) {
        this.config = config;
        this.network = network;
        this.sessions = sessions;
        this.peers = peers;
        this.audit = audit;
    }

    @GET
    @Operation(summary = "how near the node is to its limits, and which addresses it holds back")
    public LimitsInfo limits() {
        Penalties penalties = penalties();
        return new LimitsInfo(
                inForce(),
                LimitViews.refused(network),
                config.penalty().threshold(),
                config.penalty().halfLife().toMillis(),
                penalties.heldBack(),
                LimitViews.heldBack(network, LimitsInfo.MAX_HELD_BACK));
    }

    @POST
    @Path("/forgive")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "hold nothing against an address any more")
    public ForgiveReply forgive(ForgiveRequest body) {
        AddressKey address =
                address(Parameters.present("address", Parameters.body(body).address()));
        Penalties.Forgiven forgiven = penalties()
                .forgive(address)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.ADDRESS_NOT_FOUND,
                        "nothing is held against " + address.text(),
                        "'parley limits' lists the addresses that are held back"));
        long cost = Math.round(forgiven.cost());
        // One that was not held back has no line of its own otherwise: the command's has no address.
        audit.record(new ConnectionEvent.CostForgiven(address.text(), cost, forgiven.wasHeldBack()));
        return new ForgiveReply(address.text(), cost, forgiven.wasHeldBack());
    }

    private List<LimitsInfo.Limit> inForce() {
        ParleyConfig.Handshake handshake = config.handshake();
        long pending = peers.all().stream()
                .filter(peer -> peer.state() == PeerState.PENDING)
                .count();
        return List.of(
                new LimitsInfo.Limit(
                        "handshakes", network.halfOpen(), handshake.halfOpen().total(), (long)
                                handshake.halfOpen().perAddress()),
                new LimitsInfo.Limit(
                        "unwraps-waiting",
                        network.unwrapsWaiting(),
                        handshake.unwraps().waiting(),
                        null),
                new LimitsInfo.Limit(
                        "sessions", sessions.size(), config.session().max(), null),
                new LimitsInfo.Limit("pending-peers", pending, config.trust().pendingTotal(), (long)
                        config.trust().pendingPerAddress()));
    }

    private Penalties penalties() {
        return network.penalties()
                .orElseThrow(
                        () -> new ApiException(ErrorCode.NODE_BUSY, "the node is starting", "try again in a moment"));
    }

    private static AddressKey address(String text) {
        try {
            return AddressKey.parse(text);
        } catch (IllegalArgumentException invalid) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "address " + invalid.getMessage());
        }
    }
}
