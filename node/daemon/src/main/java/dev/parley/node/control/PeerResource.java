package dev.parley.node.control;

import dev.parley.admin.AcceptKeyReply;
import dev.parley.admin.AcceptKeyRequest;
import dev.parley.admin.AddPeerRequest;
import dev.parley.admin.AdminApi;
import dev.parley.admin.AliasRequest;
import dev.parley.admin.ApproveRequest;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.SafetyInfo;
import dev.parley.admin.VerifyRequest;
import dev.parley.node.net.HostPort;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.SafetyNumber;
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
    private static final List<String> WAYS = List.of("number", "words", "qr");

    private final Views views;
    private final NodeFacts facts;
    private final Outstanding outstanding;

    PeerResource(KnownPeers peers, Views views, NodeFacts facts, Outstanding outstanding) {
        this.peers = peers;
        this.views = views;
        this.facts = facts;
        this.outstanding = outstanding;
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

    @GET
    @Path("/{ref}/safety")
    @Operation(summary = "what this node's operator and the peer's compare over another channel")
    public SafetyInfo safety(@PathParam("ref") String ref) {
        KnownPeer peer = peers.resolve(ref);
        PeerId own = own();
        SafetyNumber safety = SafetyNumber.of(own, peer.id());
        boolean ownFirst = own.compareTo(peer.id()) <= 0;
        return new SafetyInfo(
                peer.id().toString(),
                own.toString(),
                peer.alias().orElse(null),
                safety.number(),
                safety.words(),
                "parley:verify?a=" + (ownFirst ? own : peer.id()) + "&b=" + (ownFirst ? peer.id() : own),
                peer.state() == dev.parley.node.trust.PeerState.VERIFIED);
    }

    @POST
    @Path("/{ref}/verify")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "note that the keys were compared over another channel, and let the peer in")
    public PeerInfo verify(@PathParam("ref") String ref, VerifyRequest body) {
        PeerId id = id(ref);
        VerifyRequest request = body == null ? new VerifyRequest(null, null, null) : body;
        if (request.how() != null && !WAYS.contains(request.how())) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "how: one of " + String.join(", ", WAYS));
        }
        String how = Optional.ofNullable(request.how()).orElse("operator");
        if (request.number() != null || request.words() != null) {
            how = request.number() != null ? "number" : "words";
            SafetyNumber safety = SafetyNumber.of(own(), id);
            if (request.number() != null && !safety.hasNumber(request.number())
                    || request.words() != null && !safety.hasWords(request.words())) {
                throw peers.verifyFailed(id, how);
            }
        }
        return views.peer(peers.verify(id, how));
    }

    @POST
    @Path("/{ref}/accept-key")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "give a peer's alias and addresses to the key that answered in its place")
    public AcceptKeyReply acceptKey(@PathParam("ref") String ref, AcceptKeyRequest body) {
        KnownPeer old = peers.resolve(ref);
        PeerId next = Parameters.peerId(
                "peerId", Parameters.present("peerId", Parameters.body(body).peerId()));
        KnownPeer heir = peers.acceptKey(old.id(), next);
        return new AcceptKeyReply(
                views.peer(heir),
                old.id().toString(),
                old.state() == dev.parley.node.trust.PeerState.VERIFIED,
                outstanding.waiting(old.id()));
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

    private PeerId own() {
        if (!facts.ready()) {
            throw new ApiException(ErrorCode.NODE_BUSY, "the node is starting", "try again in a moment");
        }
        return facts.identity().peerId();
    }

    private PeerId id(String ref) {
        return peers.resolve(ref).id();
    }
}
