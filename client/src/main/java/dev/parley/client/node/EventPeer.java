package dev.parley.client.node;

import dev.parley.admin.NodeEvent;
import dev.parley.admin.PeerInfo;

/** Whom an event concerns; both may be null. */
public record EventPeer(String alias, String peerId) {
    private static final EventPeer NOBODY = new EventPeer(null, null);

    public static EventPeer of(NodeEvent event) {
        return switch (event) {
            case NodeEvent.SessionUp e ->
                new EventPeer(e.session().alias(), e.session().peerId());
            case NodeEvent.SessionClosed e -> new EventPeer(e.alias(), e.peerId());
            case NodeEvent.ConnectionFailed e ->
                new EventPeer(e.connection().alias(), e.connection().peerId());
            case NodeEvent.PeerPending e -> of(e.peer());
            case NodeEvent.PeerApproved e -> of(e.peer());
            case NodeEvent.PeerVerified e -> of(e.peer());
            case NodeEvent.PeerBlocked e -> of(e.peer());
            case NodeEvent.PeerRenamed e -> of(e.peer());
            case NodeEvent.PeerForgotten e -> new EventPeer(e.alias(), e.peerId());
            case NodeEvent.PeerKeyChanged e -> new EventPeer(e.alias(), e.expectedPeerId());
            case NodeEvent.PeerKeyRotated e -> of(e.peer());
            case NodeEvent.PeerKeyAccepted e -> of(e.peer());
            case NodeEvent.PeerRotationConflict e -> of(e.peer());
            case NodeEvent.DuplicateIdentity e -> new EventPeer(e.alias(), e.peerId());
            case NodeEvent.MessageReceived e -> new EventPeer(e.alias(), e.peerId());
            case NodeEvent.MessageChanged e ->
                new EventPeer(e.delivery().alias(), e.delivery().peerId());
            case NodeEvent.FileOffered e ->
                new EventPeer(e.transfer().alias(), e.transfer().peerId());
            case NodeEvent.FileProgress e ->
                new EventPeer(e.transfer().alias(), e.transfer().peerId());
            case NodeEvent.FileChanged e ->
                new EventPeer(e.transfer().alias(), e.transfer().peerId());
            case NodeEvent.WitnessConflict e -> new EventPeer(e.alias(), e.peerId());
            case NodeEvent.Tampering e -> new EventPeer(e.alias(), e.peerId());
            case NodeEvent.StoreWarning _, NodeEvent.NodeStopping _, NodeEvent.Notice _, NodeEvent.Heartbeat _ ->
                NOBODY;
        };
    }

    private static EventPeer of(PeerInfo peer) {
        return new EventPeer(peer.alias(), peer.peerId());
    }
}
