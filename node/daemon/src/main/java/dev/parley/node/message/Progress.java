package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** How far one message is, for somebody who waits. Neither stage completes exceptionally. */
public final class Progress {

    private final Set<PeerId> unsent = ConcurrentHashMap.newKeySet();
    private final Set<PeerId> unsettled = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> sent = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    Progress(Collection<PeerId> peers) {
        unsent.addAll(peers);
        unsettled.addAll(peers);
        if (peers.isEmpty()) {
            sent.complete(null);
            settled.complete(null);
        }
    }

    /** Completes when every delivery was written to a session or has ended. */
    public CompletionStage<Void> sent() {
        return sent.minimalCompletionStage();
    }

    /** Completes when every delivery has ended. */
    public CompletionStage<Void> settled() {
        return settled.minimalCompletionStage();
    }

    /** @return whether nothing is left to tell */
    boolean changed(Delivery delivery) {
        if (delivery.state() != DeliveryState.QUEUED) {
            unsent.remove(delivery.peer());
        }
        if (delivery.state().isFinal()) {
            unsettled.remove(delivery.peer());
        }
        if (unsent.isEmpty()) {
            sent.complete(null);
        }
        if (unsettled.isEmpty()) {
            settled.complete(null);
        }
        return unsettled.isEmpty();
    }
}
