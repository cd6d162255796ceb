package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ConnectReply;
import dev.parley.admin.ConnectRequest;
import dev.parley.admin.ConnectionInfo;
import dev.parley.admin.ConnectionState;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.PeerState;
import dev.parley.node.net.DialOutcome;
import dev.parley.node.net.DialOutcome.Kind;
import dev.parley.node.net.Dialer;
import dev.parley.node.net.HostPort;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Failure;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/connections")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ConnectionResource {
    private final Dialer dialer;
    private final SessionRegistry sessions;
    private final KnownPeers peers;
    private final Views views;

    ConnectionResource(Dialer dialer, SessionRegistry sessions, KnownPeers peers, Views views) {
        this.dialer = dialer;
        this.sessions = sessions;
        this.peers = peers;
        this.views = views;
    }

    @GET
    @Operation(summary = "what the node keeps connected")
    public List<ConnectionInfo> all() {
        return dialer.wanted().stream().map(views::connection).toList();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "dial, and wait for what comes of it; with keep the node dials again for ever")
    public ConnectReply connect(ConnectRequest body) {
        ConnectRequest request = Parameters.body(body);
        HostPort address = address(request);
        Optional<PeerId> expected = Optional.ofNullable(request.expect()).map(id -> Parameters.peerId("expect", id));
        DialOutcome outcome = dialer.connect(new Dialer.Order(address, expected, request.acceptNew(), request.keep()))
                .toCompletableFuture()
                .join();
        boolean kept = dialer.wanted().stream().anyMatch(each -> each.address().equals(address));
        if (outcome.kind() == Kind.CONNECTED || kept && outcome.kind() == Kind.AWAITING_APPROVAL) {
            return reply(address, outcome, kept);
        }
        throw DialProblems.of(outcome, address.toString(), kept);
    }

    @DELETE
    @Path("/{ref}")
    @Operation(summary = "keep an address or a peer connected no longer, and close its sessions")
    public void forget(@PathParam("ref") String ref) {
        boolean found = ref.indexOf(':') >= 0
                ? forget(Parameters.address("the address", ref))
                : forget(peers.resolve(ref).id());
        if (!found) {
            throw new ApiException(
                    ErrorCode.CONNECTION_NOT_FOUND,
                    "the node is not connected to this address or peer and does not want to be",
                    "'parley connections' and 'parley sessions' list what there is");
        }
    }

    private boolean forget(HostPort address) {
        Optional<Dialer.Status> forgotten = dialer.forget(address);
        forgotten.flatMap(Dialer.Status::peer).ifPresent(this::close);
        return forgotten.isPresent();
    }

    private boolean forget(PeerId peer) {
        // In this order: a session that ends first would be dialed again.
        boolean wanted = dialer.forget(peer);
        return close(peer) > 0 || wanted;
    }

    private int close(PeerId peer) {
        return sessions.close(peer, Failure.NORMAL, "");
    }

    private ConnectReply reply(HostPort address, DialOutcome outcome, boolean kept) {
        Optional<Session> session = outcome.session();
        Optional<PeerId> peer = outcome.peer();
        return new ConnectReply(
                address.toString(),
                outcome.kind() == Kind.CONNECTED ? ConnectionState.CONNECTED : ConnectionState.AWAITING_APPROVAL,
                session.map(Session::id).orElse(null),
                peer.map(PeerId::toString).orElse(null),
                Views.claim(outcome.claimedName()),
                peer.map(views::alias).orElse(null),
                peer.flatMap(peers::get)
                        .map(known -> PeerState.valueOf(known.state().name()))
                        .orElse(null),
                session.filter(each -> each.state() == Session.State.UNCONFIRMED)
                        .isPresent(),
                session.map(each -> each.facts().suite().text()).orElse(null),
                kept);
    }

    private static HostPort address(ConnectRequest request) {
        Parameters.present("host", request.host());
        Parameters.present("port", request.port());
        try {
            return new HostPort(request.host(), request.port());
        } catch (IllegalArgumentException invalid) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "host or port: " + invalid.getMessage());
        }
    }
}
