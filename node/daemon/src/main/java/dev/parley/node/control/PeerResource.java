package dev.parley.node.control;

import dev.parley.admin.AddPeerRequest;
import dev.parley.admin.AdminApi;
import dev.parley.admin.AliasRequest;
import dev.parley.admin.ApproveRequest;
import dev.parley.admin.PeerInfo;
import dev.parley.node.net.HostPort;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.crypto.PeerId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** In all paths {@code ref} is an alias, a PeerId or a unique prefix of one. */
@Path(AdminApi.BASE + "/peers")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class PeerResource {
    private final KnownPeers peers;
    private final Views views;

    PeerResource(KnownPeers peers, Views views) {
        this.peers = peers;
        this.views = views;
    }

    @GET
    @Operation(summary = "all known peers")
    public List<PeerInfo> all() {
        return peers.all().stream().map(views::peer).toList();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "introduce a peer by hand, as trusted")
    public PeerInfo add(AddPeerRequest body) {
        AddPeerRequest request = Parameters.body(body);
        PeerId id = Parameters.peerId("peerId", Parameters.present("peerId", request.peerId()));
        List<String> addresses = request.addresses().stream()
                .map(each -> Parameters.address("addresses", each))
                .map(HostPort::toString)
                .toList();
        return views.peer(peers.introduce(id, Optional.ofNullable(request.alias()), addresses));
    }

    @GET
    @Path("/{ref}")
    @Operation(summary = "one known peer")
    public PeerInfo one(@PathParam("ref") String ref) {
        return views.peer(peers.resolve(ref));
    }

    @DELETE
    @Path("/{ref}")
    @Operation(summary = "forget a peer; if it comes again it is a stranger")
    public void forget(@PathParam("ref") String ref) {
        peers.forget(id(ref));
    }

    @POST
    @Path("/{ref}/approve")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "let a peer in")
    public PeerInfo approve(@PathParam("ref") String ref, ApproveRequest body) {
        Optional<String> alias = Optional.ofNullable(body).map(ApproveRequest::alias);
        return views.peer(peers.approve(id(ref), alias));
    }

    @POST
    @Path("/{ref}/verify")
    @Operation(summary = "note that the peer's id was compared over another channel, and let it in")
    public PeerInfo verify(@PathParam("ref") String ref) {
        return views.peer(peers.verify(id(ref)));
    }

    @POST
    @Path("/{ref}/block")
    @Operation(summary = "let a peer in no more, and end its sessions")
    public PeerInfo block(@PathParam("ref") String ref) {
        return views.peer(peers.block(id(ref)));
    }

    @PUT
    @Path("/{ref}/alias")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "give a peer a name")
    public PeerInfo rename(@PathParam("ref") String ref, AliasRequest body) {
        String alias = Parameters.present("alias", Parameters.body(body).alias());
        return views.peer(peers.rename(id(ref), alias));
    }

    private PeerId id(String ref) {
        return peers.resolve(ref).id();
    }
}
