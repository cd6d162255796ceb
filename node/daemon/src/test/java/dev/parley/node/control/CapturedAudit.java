package dev.parley.node.control;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.AuditLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what would go to net.log. */
@Alternative
@ApplicationScoped
class CapturedAudit implements AuditLog {
    private final List<AuditEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<Void> record(AuditEvent event) {
        events.add(event);
        return CompletableFuture.completedStage(null);
    }

    <E extends AuditEvent> List<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void clear() {
        events.clear();
    }
}
