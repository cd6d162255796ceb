package dev.parley.node.control;

import dev.parley.admin.Finding;
import dev.parley.node.message.Messages;
import dev.parley.node.net.DialOutcome;
import dev.parley.node.net.Dialer;
import dev.parley.node.net.Discovery;
import dev.parley.node.net.Discovery.Place;
import dev.parley.node.net.Discovery.Standing;
import dev.parley.node.net.HostPort;
import dev.parley.node.session.SessionRegistry;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the peers are reached that this node is to be connected with: those that were asked for, and those that DNS has. */
@ApplicationScoped
class DialChecks {
    private static final String PEERS = "peers";
    private static final String DISCOVERY = "discovery";
    /** Addresses of DNS that are named one by one: a fleet that is cut off whole is one thing, not a thousand. */
    private static final int NAMED = 16;

    private static final int NAMED_IN_A_LINE = 4;

    private final SessionRegistry sessions;
    private final Dialer dialer;
    private final Discovery discovery;
    private final Messages messages;
    private final Views views;

    DialChecks(SessionRegistry sessions, Dialer dialer, Discovery discovery, Messages messages, Views views) {
        this.sessions = sessions;
        this.dialer = dialer;
        this.discovery = discovery;
        this.messages = messages;
        this.views = views;
    }

    List<Finding> peers() {
        var found = new ArrayList<Finding>();
        List<Dialer.Status> wanted = dialer.wanted();
        Optional<Standing> standing = Stages.await(discovery.standing());
        wanted.forEach(each -> wanted(found, each));
        standing.ifPresent(each -> found(found, each, wanted));
        waited(found, wanted, standing);
        return found.isEmpty()
                ? List.of(Finding.ok(PEERS, sessions.connected().size() + " connected, none is missed"))
                : found;
    }

    List<Finding> discovery() {
        return Stages.await(discovery.standing())
                .map(DialChecks::discovery)
                .orElseGet(() -> List.of(
                        Finding.ok(DISCOVERY, "peers are not looked for by a name in DNS (parley.discovery.dns)")));
    }

    private void wanted(List<Finding> found, Dialer.Status each) {
        boolean up = each.peer().flatMap(sessions::preferred).isPresent();
        if (!up && each.lastFailure().isPresent()) {
            DialOutcome failure = each.lastFailure().get();
            found.add(
                    Finding.problem(
                            PEERS,
                            subject(each.peer(), each.address()),
                            who(each.peer(), each.address()) + " cannot be reached: " + failure.detail()
                                    + attempts(each.attempts(), each.lastFailureAt()),
                            hint(
                                    failure.kind(),
                                    "is the peer running, and the address right? the node goes on trying, `parley disconnect` ends it")));
        }
    }

    private void found(List<Finding> found, Standing standing, List<Dialer.Status> wanted) {
        Set<HostPort> told = wanted.stream().map(Dialer.Status::address).collect(Collectors.toSet());
        List<Place> missed = missed(standing).stream()
                .filter(each -> !told.contains(each.address()))
                .toList();
        for (Place each : missed.subList(0, Math.min(NAMED, missed.size()))) {
            DialOutcome failure = each.lastFailure().orElseThrow();
            found.add(
                    Finding.problem(
                            PEERS,
                            subject(each.peer(), each.address()),
                            who(each.peer(), each.address()) + ", found by " + standing.name() + ", cannot be reached: "
                                    + failure.detail() + attempts(each.attempts(), each.lastFailureAt())
                                    + (each.ours() ? "" : "; it is for that peer to dial this node, and it has not"),
                            hint(
                                    failure.kind(),
                                    each.ours()
                                            ? "is the peer running, and nothing in between? the node goes on trying while the name has the address"
                                            : "is the peer running, and nothing in between? `parley doctor` there says why it does not get through to here")));
        }
        if (missed.size() > NAMED) {
            found.add(Finding.problem(
                    PEERS,
                    standing.name(),
                    missed.size() - NAMED + " more addresses of " + standing.name() + " cannot be reached",
                    "if it is all of them, look at this node's network first"));
        }
    }

    /** Those that answer nobody; a peer that has not been dialed yet, or said that it is away, is not missed. */
    private static List<Place> missed(Standing standing) {
        return standing.places().stream()
                .filter(each ->
                        !each.self() && !each.connected() && each.lastFailure().isPresent())
                .toList();
    }

    private void waited(List<Finding> found, List<Dialer.Status> wanted, Optional<Standing> standing) {
        Set<PeerId> known = new HashSet<>();
        wanted.forEach(each -> each.peer().ifPresent(known::add));
        List<Place> places = standing.map(Standing::places).orElse(List.of());
        places.forEach(each -> each.peer().ifPresent(known::add));
        // Who is behind an address that has not answered since the start, nobody can say.
        boolean unmet =
                places.stream().anyMatch(each -> !each.self() && each.peer().isEmpty());
        messages.waiting().byPeer().forEach((peer, amount) -> {
            if (sessions.preferred(peer).isEmpty() && !known.contains(peer)) {
                found.add(Finding.warning(
                        PEERS,
                        peer.toString(),
                        amount.messages() + " messages wait for " + name(peer) + ", who is not connected, and "
                                + (unmet
                                        ? "was not met at any address of "
                                                + standing.orElseThrow().name()
                                        : "whom this node does not dial"),
                        (unmet ? "is it behind an address that does not answer? else " : "")
                                + "`parley connect HOST PORT`, if the peer does not come by itself"));
            }
        });
    }

    private static List<Finding> discovery(Standing standing) {
        String name = standing.name();
        List<Place> places = standing.places();
        if (standing.problem().isPresent()) {
            String text =
                    name + " is not resolved since " + standing.failingSince().orElseThrow() + ": "
                            + standing.problem().get();
            String advice =
                    "do the name servers answer (parley.discovery.servers, else /etc/resolv.conf)? the node goes on asking";
            return List.of(
                    places.isEmpty()
                            ? Finding.problem(DISCOVERY, name, text + "; no peer is known by it", advice)
                            : Finding.warning(
                                    DISCOVERY,
                                    name,
                                    text + "; the node goes on with " + addresses(places.size()) + " known before",
                                    advice));
        }
        if (!standing.answered()) {
            return List.of(Finding.unknown(DISCOVERY, "DNS has not answered yet what " + name + " is"));
        }
        if (places.isEmpty()) {
            return List.of(Finding.problem(
                    DISCOVERY,
                    name,
                    name + " has no address, not even this node's own",
                    "is the name right (parley.discovery.dns), and does anything stand behind it?"));
        }
        if (standing.cut()) {
            return List.of(Finding.warning(
                    DISCOVERY,
                    name,
                    name + " has more addresses than the " + places.size() + " that are taken",
                    "the others are not dialed: divide the fleet, or have them dial this node"));
        }
        return List.of(Finding.ok(DISCOVERY, text(name, places)));
    }

    private static String text(String name, List<Place> places) {
        List<Place> others = places.stream().filter(each -> !each.self()).toList();
        long ours = others.stream().filter(Place::ours).count();
        List<String> awaited = others.stream()
                .filter(each -> !each.ours() && !each.connected())
                .map(each -> each.address().toString())
                .toList();
        return name + " has " + addresses(places.size()) + ", " + (places.size() - others.size())
                + " of this node; of the others it dials " + ours + ", and " + (others.size() - ours) + " dial it; "
                + others.stream().filter(Place::connected).count() + " are connected"
                + (awaited.isEmpty()
                        ? ""
                        : "; that has not dialed yet: "
                                + awaited.stream().limit(NAMED_IN_A_LINE).collect(Collectors.joining(", "))
                                + (awaited.size() > NAMED_IN_A_LINE
                                        ? " and " + (awaited.size() - NAMED_IN_A_LINE) + " more"
                                        : ""));
    }

    private static String addresses(int count) {
        return count + (count == 1 ? " address" : " addresses");
    }

    private static String subject(Optional<PeerId> peer, HostPort address) {
        return peer.map(PeerId::toString).orElse(address.toString());
    }

    private String who(Optional<PeerId> peer, HostPort address) {
        return peer.map(this::name).map(name -> name + " at ").orElse("") + address;
    }

    private static String attempts(int attempts, Optional<Instant> last) {
        return " (" + attempts + (attempts == 1 ? " attempt" : " attempts") + ", the last at "
                + last.map(Instant::toString).orElse("an unknown time") + ")";
    }

    /** @param usual where it is not known what stands in the way */
    private static String hint(DialOutcome.Kind kind, String usual) {
        return switch (kind) {
            case AWAITING_APPROVAL -> "its operator has to approve this node: compare the ids";
            case NOT_TRUSTED, BLOCKED -> "its operator does not let this node in: ask why";
            case NOT_CERTIFIED -> "see FLEET.md for who is let in by certificates";
            case KEY_CHANGED, MISMATCH ->
                "another key answers there: `parley peers show` has both; accept it only after comparing ids";
            case BLOCKED_HERE -> "this node has blocked it: `parley peers approve`, if that was a mistake";
            case BUSY -> "the peer has no room now; the node goes on trying";
            default -> usual;
        };
    }

    private String name(PeerId peer) {
        String alias = views.alias(peer);
        return alias == null ? peer.toString() : alias;
    }
}
