package dev.parley.node.control;

import dev.parley.admin.Finding;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.message.Messages;
import dev.parley.node.message.StoreFacts;
import dev.parley.node.message.Usage;
import dev.parley.node.net.PeerNetwork;
import dev.parley.node.net.Penalties;
import dev.parley.node.session.DuplicateWatch;
import dev.parley.node.session.SessionRegistry;
import dev.parley.node.transfer.TransferState;
import dev.parley.node.transfer.Transfers;
import dev.parley.node.trust.KnownPeer;
import dev.parley.node.trust.KnownPeers;
import dev.parley.node.trust.PeerState;
import dev.parley.node.witness.Witnesses;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the node can tell of its dealings with others. Each check returns at least one finding. */
@ApplicationScoped
class PeerChecks {
    private static final Duration OLD = Duration.ofHours(1);
    private static final Duration RECENT = Duration.ofMinutes(10);
    /** Fewer that wait are nothing to speak of, whether they become more or less. */
    private static final long FEW = 100;

    private static final double NEARLY_FULL = 0.8;

    private final ParleyConfig config;
    private final PeerNetwork network;
    private final SessionRegistry sessions;
    private final KnownPeers peers;
    private final DuplicateWatch duplicates;
    private final Messages messages;
    private final StoreFacts facts;
    private final Transfers transfers;
    private final Witnesses witnesses;
    private final Views views;

    PeerChecks(
            ParleyConfig config,
            PeerNetwork network,
            SessionRegistry sessions,
            KnownPeers peers,
            DuplicateWatch duplicates,
            Messages messages,
            StoreFacts facts,
            Transfers transfers,
            Witnesses witnesses,
            Views views) {
        this.config = config;
        this.network = network;
        this.sessions = sessions;
        this.peers = peers;
        this.duplicates = duplicates;
        this.messages = messages;
        this.facts = facts;
        this.transfers = transfers;
        this.witnesses = witnesses;
        this.views = views;
    }

    /** Whether others get through to this node only others can show. */
    List<Finding> reachable() {
        return List.of(sessions.all().stream()
                .filter(each -> !each.facts().initiatedHere())
                .findFirst()
                .map(each -> Finding.ok(
                        "reachable",
                        "a peer has come in from " + each.facts().remoteAddress() + " to " + network.listenAddress()))
                .orElseGet(() -> Finding.unknown(
                        "reachable",
                        "no peer that is connected now has dialed this node, so nothing shows that others get through to "
                                + network.listenAddress())));
    }

    List<Finding> keys() {
        var found = new ArrayList<Finding>();
        for (KnownPeer peer : peers.all()) {
            peer.keys()
                    .other()
                    .ifPresent(other -> found.add(Finding.problem(
                            "keys",
                            peer.id().toString(),
                            "another key, " + other.id() + ", answered in the place of " + peer.shown()
                                    + " and was refused, the last time at " + other.lastSeen(),
                            "somebody is in between, or the peer has a new key: ask its operator, then"
                                    + " `parley peers accept-key` or leave it")));
        }
        duplicates
                .warnings()
                .forEach(each -> found.add(
                        Finding.problem("keys", null, each, "ask its operator which of the two is the right one")));
        return found.isEmpty() ? List.of(Finding.ok("keys", "no peer has shown another key")) : found;
    }

    List<Finding> approvals() {
        List<KnownPeer> pending = peers.all().stream()
                .filter(each -> each.state() == PeerState.PENDING)
                .toList();
        long offers = transfers.count(false, TransferState.OFFERED);
        var found = new ArrayList<Finding>();
        if (!pending.isEmpty()) {
            found.add(Finding.warning(
                    "approvals",
                    pending.size() == 1 ? pending.getFirst().id().toString() : null,
                    pending.size() == 1 ? "a peer waits for approval" : pending.size() + " peers wait for approval",
                    "`parley peers list --state pending`, compare the ids, then `parley peers approve` or `block`"));
        }
        if (offers > 0) {
            found.add(Finding.warning(
                    "approvals",
                    null,
                    offers == 1
                            ? "a file is offered, and nobody has said whether to take it"
                            : offers + " files are offered, and nobody has said whether to take them",
                    "`parley files list --state offered`, then `parley files accept` or `decline`"));
        }
        return found.isEmpty() ? List.of(Finding.ok("approvals", "nobody waits for a decision")) : found;
    }

    List<Finding> outbox() {
        Usage.Amount waiting = messages.waiting().inAll();
        if (waiting.messages() == 0) {
            return List.of(Finding.ok("outbox", "nothing waits"));
        }
        Instant now = Instant.now();
        Optional<Instant> oldest = Stages.await(facts.oldestWaiting());
        StoreFacts.Flow flow = Stages.await(facts.flow(now.minus(RECENT)));
        String text = waiting.messages() + " messages wait"
                + oldest.map(each -> ", the oldest since " + each).orElse("") + "; in the last 10 minutes "
                + flow.taken()
                + " were taken and " + flow.ended() + " have ended";
        String advice = "`parley store` shows for whom; `parley messages --state queued` which";
        boolean full =
                waiting.messages() > NEARLY_FULL * config.store().outbox().messages()
                        || waiting.bytes()
                                > NEARLY_FULL * config.store().outbox().bytes().asLongValue();
        if (full) {
            return List.of(Finding.problem(
                    "outbox", null, "the outbox is nearly full (parley.store.outbox): " + text, advice));
        }
        boolean old = oldest.map(each -> each.isBefore(now.minus(OLD))).orElse(false);
        boolean growing = waiting.messages() > FEW && flow.taken() > flow.ended();
        return List.of(
                old || growing
                        ? Finding.warning("outbox", null, (growing ? "the outbox grows: " : "") + text, advice)
                        : Finding.ok("outbox", text));
    }

    List<Finding> clock() {
        Instant since = Instant.now().minus(ClockCheck.SINCE);
        Map<PeerId, Duration> byMessages = Stages.await(facts.shortestWays(since));
        List<Witnesses.Standing> byHeads = witnesses.standings(since).join();
        return ClockCheck.of(byMessages, byHeads, this::name);
    }

    List<Finding> witness() {
        var found = new ArrayList<Finding>();
        int held = 0;
        for (Witnesses.Standing each : witnesses.standings(Instant.now()).join()) {
            held++;
            if (each.contradictions() > 0) {
                found.add(Finding.problem(
                        "witness",
                        each.peer().toString(),
                        "the log of " + name(each.peer()) + " contradicts what it has signed before, "
                                + each.contradictions() + " heads of it",
                        "`parley audit witness` has them: its log was rewritten or put back, ask its operator"));
            }
        }
        return found.isEmpty()
                ? List.of(Finding.ok("witness", "heads of " + held + " peers' logs are kept, none contradicts another"))
                : found;
    }

    List<Finding> strangers() {
        int held = network.penalties().map(Penalties::heldBack).orElse(0);
        var found = new ArrayList<Finding>();
        if (held > 0) {
            found.add(Finding.warning(
                    "strangers",
                    network.penalties()
                            .orElseThrow()
                            .heldBack(1)
                            .getFirst()
                            .address()
                            .text(),
                    held == 1
                            ? "an address is held back, because its strangers have cost too much"
                            : held + " addresses are held back, because their strangers have cost too much",
                    "`parley limits` shows them; `parley limits forgive ADDRESS` lets one go"));
        }
        if (sessions.size() > NEARLY_FULL * config.session().max()) {
            found.add(Finding.warning(
                    "strangers",
                    "parley.session.max",
                    sessions.size() + " sessions of at most " + config.session().max(),
                    "raise the limit, if the machine has room for more"));
        }
        if (network.halfOpen() > NEARLY_FULL * config.handshake().halfOpen().total()) {
            found.add(Finding.warning(
                    "strangers",
                    "parley.handshake.half-open.total",
                    network.halfOpen() + " handshakes are under way, of at most "
                            + config.handshake().halfOpen().total(),
                    "is it a flood? `parley audit report --since 1h` shows from where"));
        }
        return found.isEmpty() ? List.of(Finding.ok("strangers", "no address is held back")) : found;
    }

    private String name(PeerId peer) {
        String alias = views.alias(peer);
        return alias == null ? peer.toString() : alias;
    }
}
