package dev.parley.client.text;

import dev.parley.admin.Delivery;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.HistoryEntry;
import dev.parley.admin.NodeEvent;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.TransferInfo;
import dev.parley.admin.TransferState;
import java.time.ZoneId;

/** An event as one or more lines for people. */
public record EventText(ZoneId zone, Style style) {
    private static final String INDENT = "\n          ";

    public String of(NodeEvent event) {
        String time = style.dim(Words.clock(event.at(), zone));
        return time + "  " + what(event);
    }

    private String what(NodeEvent event) {
        return switch (event) {
            case NodeEvent.SessionUp e ->
                style.green("session up") + " with "
                        + name(e.session().alias(), e.session().peerId()) + " at "
                        + Plain.line(e.session().remoteAddress()) + ", "
                        + Plain.line(e.session().suite());
            case NodeEvent.SessionClosed e ->
                style.yellow("session closed") + " with " + name(e.alias(), e.peerId())
                        + (e.byPeer() ? " by the peer" : "") + reason(e.reason());
            case NodeEvent.ConnectionFailed e ->
                style.yellow("connection failed") + " to "
                        + Plain.line(e.connection().address()) + reason(e.detail());
            case NodeEvent.PeerPending e ->
                style.yellow("peer waits for approval") + ": " + claimed(e.peer()) + " from "
                        + Plain.line(e.remoteAddress()) + INDENT
                        + PeerNames.groups(e.peer().peerId());
            case NodeEvent.PeerApproved e ->
                "peer approved: " + name(e.peer().alias(), e.peer().peerId());
            case NodeEvent.PeerVerified e ->
                "peer verified: " + name(e.peer().alias(), e.peer().peerId());
            case NodeEvent.PeerBlocked e ->
                "peer blocked: " + name(e.peer().alias(), e.peer().peerId());
            case NodeEvent.PeerRenamed e ->
                "peer renamed: " + PeerNames.brief(e.peer().peerId()) + " is "
                        + (e.peer().alias() == null
                                ? "without alias"
                                : name(e.peer().alias(), null));
            case NodeEvent.PeerForgotten e -> "peer forgotten: " + name(e.alias(), e.peerId());
            case NodeEvent.PeerKeyChanged e -> keyChanged(e);
            case NodeEvent.PeerKeyRotated e ->
                style.yellow("peer has a new key") + ", named by its old one: "
                        + name(e.peer().alias(), e.peer().peerId()) + INDENT + "before "
                        + PeerNames.groups(e.previousPeerId()) + INDENT + "now    "
                        + PeerNames.groups(e.peer().peerId());
            case NodeEvent.PeerKeyAccepted e ->
                "peer has another key, accepted by the operator: "
                        + name(e.peer().alias(), e.peer().peerId()) + INDENT
                        + PeerNames.groups(e.peer().peerId());
            case NodeEvent.PeerRotationConflict e ->
                style.red("ONE KEY, TWO SUCCESSORS") + ": "
                        + name(e.peer().alias(), e.peer().peerId())
                        + " is let in no more until you decide; the other came from " + Plain.line(e.remoteAddress())
                        + INDENT + PeerNames.groups(e.peer().peerId()) + INDENT + PeerNames.groups(e.otherPeerId());
            case NodeEvent.DuplicateIdentity e ->
                style.red("TWO NODES, ONE IDENTITY") + ": " + name(e.alias(), e.peerId()) + " answers at "
                        + Plain.line(e.otherRemoteAddress()) + " and at " + Plain.line(e.remoteAddress());
            case NodeEvent.MessageReceived e -> name(e.alias(), e.peerId()) + ": " + body(e);
            case NodeEvent.MessageChanged e -> changed(e.id().toString(), e.delivery());
            case NodeEvent.FileOffered e ->
                file(e.transfer())
                        + (e.transfer().state() == TransferState.OFFERED
                                ? INDENT + "`parley files accept` or `parley files decline` and its id"
                                : "");
            case NodeEvent.FileProgress e -> file(e.transfer()) + progress(e.transfer());
            case NodeEvent.FileChanged e -> file(e.transfer());
            case NodeEvent.WitnessConflict e -> style.red("WITNESS CONFLICT") + reason(e.detail());
            case NodeEvent.StoreWarning e -> style.red("store") + reason(e.warning());
            case NodeEvent.Tampering e ->
                style.red("TAMPERING") + " on the path to " + name(e.alias(), e.peerId()) + reason(e.detail());
            case NodeEvent.NodeStopping _ -> style.yellow("the node is stopping");
            case NodeEvent.Notice e -> style.yellow("notice") + reason(e.detail());
            case NodeEvent.Heartbeat _ -> style.dim("heartbeat");
        };
    }

    private String keyChanged(NodeEvent.PeerKeyChanged e) {
        return style.red("PEER KEY CHANGED") + ": " + Plain.line(e.address()) + " should be " + name(e.alias(), null)
                + " and answered with another key: refused, possibly an attack" + INDENT + "known    "
                + PeerNames.groups(e.expectedPeerId()) + INDENT + "answered " + PeerNames.groups(e.actualPeerId());
    }

    private String changed(String id, Delivery delivery) {
        String state = Words.of(delivery.state());
        String shown =
                delivery.state().isFinal() && delivery.state() != DeliveryState.DELIVERED ? style.red(state) : state;
        return "message " + shown + " to " + name(delivery.alias(), delivery.peerId()) + reason(delivery.reason())
                + style.dim(" " + id);
    }

    private String file(TransferInfo transfer) {
        boolean out = transfer.direction() == HistoryEntry.Direction.OUT;
        return "file " + Plain.line(transfer.name()) + " (" + Words.size(transfer.size()) + ") "
                + (out ? "to " : "from ") + name(transfer.alias(), transfer.peerId()) + ": "
                + Words.of(transfer.state()) + reason(transfer.reason()) + style.dim(" " + transfer.id());
    }

    private static String progress(TransferInfo transfer) {
        return transfer.size() <= 0
                ? ""
                : ", " + (int) (transfer.transferred() * 100.0 / transfer.size()) + " %"
                        + (transfer.bytesPerSecond() == null
                                ? ""
                                : ", " + Words.size(transfer.bytesPerSecond()) + "/s");
    }

    /** The text of a message, or what it is. Further lines stand below the first, so that none can pass for another. */
    public String body(NodeEvent.MessageReceived e) {
        if (e.text() == null) {
            return "(" + Plain.line(e.mediaType()) + ", " + Words.size(e.size()) + ")";
        }
        return Plain.block(e.text().stripTrailing()).replace("\n", INDENT);
    }

    /** What people call a peer. */
    public String name(String alias, String peerId) {
        return style.bold(alias == null && peerId == null ? "-" : PeerNames.of(alias, peerId));
    }

    private String claimed(PeerInfo peer) {
        String claimed = Plain.line(peer.claimedName());
        return claimed.isEmpty() ? name(peer.alias(), peer.peerId()) : "calls itself '" + claimed + "'";
    }

    private static String reason(String text) {
        return text == null || text.isEmpty() ? "" : ": " + Plain.line(text);
    }
}
