package dev.parley.node.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Looks host names up as the system does, anew for each dial: a peer in a container that was restarted has another address. On threads
 * of its own, because a name server that does not answer holds a look-up up for seconds.
 */
final class NameLookup {

    private static final int AT_ONCE = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().daemon().name("parley-names-", 0).factory());

    /** @return completes with one address at least; exceptionally with an {@link UnknownHostException} as cause */
    CompletableFuture<List<InetAddress>> find(String host) {
        try {
            return CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral(host)));
        } catch (IllegalArgumentException aName) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return List.of(InetAddress.getAllByName(host));
                        } catch (UnknownHostException unknown) {
                            throw new CompletionException(unknown);
                        }
                    },
                    threads);
        }
    }

    /** Looks nothing up any more. */
    void stop() {
        threads.shutdownNow();
    }
}
