package dev.parley.node.witness;

import dev.parley.protocol.wire.Record;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What was asked over one session and is not answered yet. Confined to the session's event loop. */
final class Answers {
    /** What is beyond is not kept: an honest peer holds far fewer. */
    private static final int MOST_HEADS = 1_000;

    private final Map<Integer, Asked> heads = new HashMap<>();
    private final Map<UUID, CompletableFuture<Record.Receipt>> receipts = new HashMap<>();
    private int tokens;

    private record Asked(List<Record.Head> heads, CompletableFuture<List<Record.Head>> done) {}

    Record.WitnessQuery heads(CompletableFuture<List<Record.Head>> done) {
        int token = ++tokens;
        heads.put(token, new Asked(new ArrayList<>(), done));
        return new Record.WitnessQuery(token);
    }

    /** Empty if the same is asked already: then the answer goes to whoever asked first. */
    Optional<Record.ReceiptQuery> receipt(UUID message, CompletableFuture<Record.Receipt> done) {
        var asked = receipts.putIfAbsent(message, done);
        if (asked != null) {
            asked.whenComplete((receipt, failure) -> {
                if (failure == null) {
                    done.complete(receipt);
                } else {
                    done.completeExceptionally(failure);
                }
            });
            return Optional.empty();
        }
        return Optional.of(new Record.ReceiptQuery(message));
    }

    void came(Record.WitnessHeld held) {
        Asked asked = heads.get(held.token());
        if (asked == null) {
            return;
        }
        asked.heads().addAll(held.heads());
        if (!held.more() || asked.heads().size() > MOST_HEADS) {
            heads.remove(held.token());
            asked.done().complete(List.copyOf(asked.heads()));
        }
    }

    void came(Record.Receipt receipt) {
        var asked = receipts.remove(receipt.id());
        if (asked != null) {
            asked.complete(receipt);
        }
    }

    /** Nobody waits for these any more. */
    void forgetDone() {
        heads.values().removeIf(each -> each.done().isDone());
        receipts.values().removeIf(CompletableFuture::isDone);
    }

    void ended(RuntimeException why) {
        heads.values().forEach(each -> each.done().completeExceptionally(why));
        receipts.values().forEach(each -> each.completeExceptionally(why));
        heads.clear();
        receipts.clear();
    }
}
