package dev.parley.node.control;

import dev.parley.admin.NodeEvent;
import dev.parley.node.transfer.Transfer;
import dev.parley.node.transfer.TransferListener;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Tells the followers of the event stream what becomes of files. */
@ApplicationScoped
@Unremovable
class FileEvents implements TransferListener {
    private final EventStream events;
    private final TransferViews views;

    FileEvents(EventStream events, TransferViews views) {
        this.events = events;
        this.views = views;
    }

    @Override
    public void offered(Transfer transfer) {
        Instant now = Instant.now();
        events.publish(NodeEvent.FileOffered.class, () -> new NodeEvent.FileOffered(now, views.of(transfer)));
    }

    @Override
    public void changed(Transfer transfer) {
        Instant now = Instant.now();
        events.publish(NodeEvent.FileChanged.class, () -> new NodeEvent.FileChanged(now, views.of(transfer)));
    }

    @Override
    public void progressed(Transfer transfer) {
        Instant now = Instant.now();
        events.publish(NodeEvent.FileProgress.class, () -> new NodeEvent.FileProgress(now, views.of(transfer)));
    }
}
