package dev.parley.node.net;

import dev.parley.node.net.DnsQuestions.Outcome;
import dev.parley.node.net.DnsQuestions.Reply;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Finds the addresses behind one name: by SRV ({@code _psp._tcp.NAME}), which has ports of its own, or else by A and AAAA. A short
 * name is completed as the system does it; the first completion that has anything counts, also where a server would
 * not say anything of one before.
 *
 * <p>What has been found once may be gone only by a server's word, never because one did not answer.
 */
final class PeerNames {

    /** What is taken of all that DNS says: the first so many in the order of addresses. */
    static final int MOST = 1_024;

    private static final String SERVICE = "_psp._tcp.";
    private static final int TARGETS_AT_ONCE = 32;

    /**
     * What came of a round of questions.
     *
     * @param known false: nothing was learned, what was known before stays
     * @param cut whether there were more than {@link #MOST}
     * @param problem for people, where nothing was learned
     */
    record Found(boolean known, Set<PeerAddress> addresses, boolean cut, String problem) {
        private static Found nothingLearned(String problem) {
            return new Found(false, Set.of(), false, problem);
        }

        private static Found of(List<PeerAddress> all) {
            Set<PeerAddress> sorted = new TreeSet<>(all);
            Set<PeerAddress> first = new TreeSet<>();
            sorted.stream().filter(PeerAddress::canBeDialed).limit(MOST).forEach(first::add);
            return new Found(true, first, sorted.size() > MOST, "");
        }
    }

    private final DnsQuestions questions;
    private final Supplier<ResolvConf> conf;
    private final String name;
    private final int port;
    // What this name has had: then its absence counts only where a server says so.
    private volatile boolean services;
    private volatile boolean v6;
    /** The completion that had anything the last time. */
    private volatile String settled;

    /** @param port of addresses that come without one */
    PeerNames(DnsQuestions questions, Supplier<ResolvConf> conf, String name, int port) {
        this.questions = questions;
        this.conf = conf;
        this.name = name;
        this.port = port;
    }

    /** @return completes in the end, never exceptionally */
    CompletableFuture<Found> find() {
        ResolvConf now = conf.get();
        return find(now.servers(), now.candidates(name), 0, Optional.empty());
    }

    /** @param failure of a completion before, which may have been the one that counts */
    private CompletableFuture<Found> find(
            List<InetSocketAddress> servers, List<String> candidates, int next, Optional<Found> failure) {
        if (next == candidates.size()) {
            return CompletableFuture.completedFuture(failure.orElse(Found.of(List.of())));
        }
        String full = candidates.get(next);
        return find(servers, full).thenCompose(found -> {
            if (found.known() && !found.addresses().isEmpty()) {
                settled = full;
                return CompletableFuture.completedFuture(found);
            }
            if (!found.known() && full.equals(settled)) {
                return CompletableFuture.completedFuture(found);
            }
            return find(servers, candidates, next + 1, found.known() ? failure : Optional.of(found));
        });
    }

    private CompletableFuture<Found> find(List<InetSocketAddress> servers, String full) {
        return questions.ask(servers, SERVICE + full, DnsRecordType.SRV).thenCompose(srv -> {
            if (srv.outcome() == Outcome.FOUND) {
                services = true;
                return targets(
                        servers, srv.services().stream().distinct().limit(MOST).toList(), 0, new ArrayList<>());
            }
            if (srv.outcome() == Outcome.FAILED && services) {
                return CompletableFuture.completedFuture(Found.nothingLearned(srv.problem()));
            }
            // Many a small name server knows nothing of SRV, and says so in many ways.
            return addresses(servers, full).thenApply(reply -> found(reply, port));
        });
    }

    /** Looks the targets of a SRV answer up, some at a time. */
    private CompletableFuture<Found> targets(
            List<InetSocketAddress> servers, List<DnsQuestions.Service> all, int from, List<PeerAddress> soFar) {
        if (from >= all.size() || soFar.size() > MOST) {
            return CompletableFuture.completedFuture(Found.of(soFar));
        }
        List<DnsQuestions.Service> some = all.subList(from, Math.min(all.size(), from + TARGETS_AT_ONCE));
        List<CompletableFuture<Reply>> replies =
                some.stream().map(each -> addresses(servers, each.target())).toList();
        return CompletableFuture.allOf(replies.toArray(CompletableFuture<?>[]::new))
                .thenCompose(ignored -> {
                    for (int i = 0; i < some.size(); i++) {
                        Reply reply = replies.get(i).join();
                        if (reply.outcome() == Outcome.FAILED) {
                            return CompletableFuture.completedFuture(Found.nothingLearned(reply.problem()));
                        }
                        int portOfTarget = some.get(i).port();
                        reply.addresses().forEach(each -> soFar.add(new PeerAddress(each, portOfTarget)));
                    }
                    return targets(servers, all, from + TARGETS_AT_ONCE, soFar);
                });
    }

    private CompletableFuture<Reply> addresses(List<InetSocketAddress> servers, String full) {
        CompletableFuture<Reply> four = questions.ask(servers, full, DnsRecordType.A);
        CompletableFuture<Reply> six = questions.ask(servers, full, DnsRecordType.AAAA);
        return four.thenCombine(six, this::both);
    }

    private Reply both(Reply four, Reply six) {
        if (four.outcome() == Outcome.FAILED) {
            return four;
        }
        v6 |= six.outcome() == Outcome.FOUND;
        if (six.outcome() == Outcome.FAILED && (v6 || four.outcome() == Outcome.NOTHING)) {
            return six;
        }
        List<InetAddress> all = new ArrayList<>(four.addresses());
        all.addAll(six.addresses());
        return new Reply(all.isEmpty() ? Outcome.NOTHING : Outcome.FOUND, all, List.of(), "");
    }

    private static Found found(Reply reply, int port) {
        return reply.outcome() == Outcome.FAILED
                ? Found.nothingLearned(reply.problem())
                : Found.of(reply.addresses().stream()
                        .map(each -> new PeerAddress(each, port))
                        .toList());
    }
}
