package dev.parley.client.command;

import dev.parley.admin.ErrorCode;
import dev.parley.admin.NodeEvent;
import dev.parley.admin.TransferInfo;
import dev.parley.client.http.TransportException;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.node.ProblemException;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Waits until transfers have ended. The node is asked whenever something was heard of one, and with every heartbeat: an event
 * says that there is news, the transfer itself says what.
 */
final class FileWait implements AutoCloseable {
    private static final List<String> TYPES = List.of("file-progress", "file-changed", "heartbeat");

    /** How long a node may be away: a restart, with a check of a large store. */
    private static final int PATIENCE_SECONDS = 60;

    private final Context context;
    private final Node node;
    private final Duration timeout;
    private final Thread alarm;
    private Node.EventStream events;
    private boolean overdue;

    /** @param timeout for all of them together; null for none */
    FileWait(Context context, Node node, Duration timeout) throws IOException {
        this.context = context;
        this.node = node;
        this.timeout = timeout;
        this.events = node.events(TYPES);
        this.alarm = timeout == null ? null : Thread.ofPlatform().daemon().start(this::ring);
    }

    /** The transfer in its final state. */
    Answer<TransferInfo> until(TransferInfo transfer) throws IOException {
        try (Progress progress = new Progress(context, transfer.name(), transfer.size(), transfer.transferred())) {
            // A stream begins with a heartbeat, so that this asks at once, and misses nothing after.
            while (true) {
                NodeEvent event = next();
                if (event instanceof NodeEvent.FileProgress e) {
                    if (e.transfer().id().equals(transfer.id())) {
                        progress.to(e.transfer().transferred());
                    }
                    continue;
                }
                if (event instanceof NodeEvent.FileChanged e
                        && !e.transfer().id().equals(transfer.id())) {
                    continue;
                }
                Answer<TransferInfo> now = ask(transfer);
                if (now == null) {
                    continue;
                }
                progress.to(now.value().transferred());
                if (now.value().state().isFinal()) {
                    return now;
                }
            }
        }
    }

    /** Null if the node is going away: whether it comes back shows in the stream. */
    private Answer<TransferInfo> ask(TransferInfo transfer) throws IOException {
        try {
            return node.get(TransferInfo.class, FilesCommand.path(transfer.id()));
        } catch (TransportException e) {
            return null;
        } catch (ProblemException e) {
            if (e.is(ErrorCode.NODE_STOPPING)) {
                return null;
            }
            throw e;
        }
    }

    private NodeEvent next() throws IOException {
        while (true) {
            try {
                Answer<NodeEvent> event = current().next();
                if (event != null && !(event.value() instanceof NodeEvent.Notice)) {
                    return event.value();
                }
            } catch (TransportException e) {
                // Stopped, killed, or closed by the alarm.
            }
            findAgain();
        }
    }

    /** The node goes on with its transfers when it is back; so does this. */
    private void findAgain() throws IOException {
        for (int i = 0; i < PATIENCE_SECONDS; i++) {
            if (isOverdue()) {
                throw new Failure(
                        ExitCode.TIMED_OUT,
                        "timed-out",
                        "not there within " + Words.duration(timeout),
                        "the node goes on by itself; `parley files` shows how far it is");
            }
            try {
                TimeUnit.SECONDS.sleep(1);
                adopt(node.events(TYPES));
                return;
            } catch (TransportException e) {
                // Not back yet.
            } catch (InterruptedException e) {
                break;
            }
        }
        throw new Failure(
                ExitCode.UNREACHABLE,
                "node-stopped",
                "the node has gone away",
                "it goes on with the files when it is back; `parley files` shows how far it is");
    }

    private synchronized Node.EventStream current() {
        return events;
    }

    private synchronized void adopt(Node.EventStream opened) {
        events = opened;
        if (overdue) {
            opened.close();
        }
    }

    private void ring() {
        try {
            TimeUnit.NANOSECONDS.sleep(timeout.toNanos());
        } catch (InterruptedException e) {
            return;
        }
        synchronized (this) {
            overdue = true;
            events.close();
        }
    }

    private synchronized boolean isOverdue() {
        return overdue;
    }

    @Override
    public void close() {
        if (alarm != null) {
            alarm.interrupt();
        }
        current().close();
    }
}
