package dev.parley.node.boot;

import dev.parley.node.audit.AdminEvent;
import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.AuditEvent.Party;
import dev.parley.node.audit.AuditEvent.Role;
import dev.parley.node.audit.ConnectionEvent;
import dev.parley.node.audit.HandshakeEvent;
import dev.parley.node.audit.LogEvent;
import dev.parley.node.audit.MessageEvent;
import dev.parley.node.audit.NetLog;
import dev.parley.node.audit.NodeEvent;
import dev.parley.node.audit.SessionEvent;
import dev.parley.node.audit.TransferEvent;
import dev.parley.protocol.wire.Failure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whatever is worth counting is an audit event, so the counters follow net.log. Told of each line on the audit thread; every series
 * is there from the start, what was left out apart, so that a rate over it is right the first time it moves: a counter that begins
 * with 1 has never grown, and no alert would tell of what happens once.
 */
final class EventCounts {
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private final Meters meters;
    private final Map<Class<? extends AuditEvent>, Counter> byType = new ConcurrentHashMap<>();
    private final Map<List<String>, Counter> leftOut = new HashMap<>();
    private final Map<List<String>, Counter> messages = new HashMap<>();
    private final Map<List<String>, Counter> messageBytes = new HashMap<>();
    private final Map<List<String>, Counter> opened = new HashMap<>();
    private final Map<List<String>, Counter> ended = new HashMap<>();
    private final Map<List<String>, Counter> refused = new HashMap<>();
    private final Map<List<String>, Counter> handshakes = new HashMap<>();
    private final Map<List<String>, Counter> failures = new HashMap<>();
    private final Map<List<String>, Counter> transfers = new HashMap<>();
    private final Map<List<String>, Counter> transferred = new HashMap<>();
    private final Map<List<String>, Counter> admin = new HashMap<>();
    private final Map<Role, Timer> handshakeTimes = new HashMap<>();
    private final Counter ratchets;
    private final Counter dials;
    private final Counter dialsFailed;
    private final Counter lost;
    private final Counter streamsDropped;
    private volatile double sealedAt;

    EventCounts(Meters meters) {
        this.meters = meters;
        ratchets = meters.counter(Metric.RATCHETS);
        dials = meters.counter(Metric.DIALS);
        dialsFailed = meters.counter(Metric.DIALS_FAILED);
        lost = meters.counter(Metric.LOST);
        streamsDropped = meters.counter(Metric.STREAM_DROPPED);
        meters.gauge(Metric.AUDIT_SEALED, () -> sealedAt);
        List<String> reasons = Arrays.stream(Failure.values()).map(Words::of).toList();
        for (String state : List.of(
                "queued",
                "sent",
                "delivered",
                "refused",
                "expired",
                "cancelled",
                "received",
                "duplicate",
                "turned-away")) {
            fill(messages, Metric.MESSAGES, state);
        }
        for (String direction : List.of("in", "out")) {
            fill(messageBytes, Metric.MESSAGE_BYTES, direction);
            fill(transferred, Metric.TRANSFERRED, direction);
            fill(transfers, Metric.TRANSFERS_ENDED, direction, "completed");
            fill(transfers, Metric.TRANSFERS_ENDED, direction, "not-completed");
        }
        for (Role role : Role.values()) {
            fill(opened, Metric.SESSIONS_OPENED, Words.of(role));
            for (String outcome : List.of("completed", "failed", "rejected")) {
                fill(handshakes, Metric.HANDSHAKES, Words.of(role), outcome);
            }
            handshakeTimes.put(role, meters.histogram(Metric.HANDSHAKE_SECONDS, Buckets.SHORT, Words.of(role)));
        }
        for (String reason : reasons) {
            fill(refused, Metric.SESSIONS_REFUSED, reason);
            fill(failures, Metric.HANDSHAKE_FAILURES, reason);
            for (Party by : Party.values()) {
                fill(ended, Metric.SESSIONS_ENDED, Words.of(by), reason);
            }
        }
        for (String outcome : List.of("done", "refused", "failed")) {
            fill(admin, Metric.ADMIN, outcome);
        }
    }

    /** The events that have not happened, with 0. It loads the classes of all of them, which no start ought to wait for. */
    void expectAll() {
        AuditEvent.types().forEach(this::of);
    }

    void count(NetLog.Recorded recorded) {
        AuditEvent event = recorded.event();
        of(event.getClass()).increment();
        switch (event) {
            case MessageEvent message -> message(message);
            case SessionEvent session -> session(session);
            case HandshakeEvent handshake -> handshake(handshake);
            case ConnectionEvent.StrangersSuppressed sum -> suppressed(sum);
            case ConnectionEvent.DialStarted ignored -> dials.increment();
            case ConnectionEvent.DialFailed ignored -> dialsFailed.increment();
            case TransferEvent.FileCompleted file -> {
                add(transfers, 1, Words.direction(file.outgoing()), "completed");
                add(transferred, file.size(), Words.direction(file.outgoing()));
            }
            case TransferEvent.FileEnded file -> add(transfers, 1, Words.direction(file.outgoing()), "not-completed");
            case AdminEvent.AdminCommand command -> add(admin, 1, outcome(command.status()));
            case AdminEvent.AdminRepeated more -> add(admin, more.count(), "done");
            case AdminEvent.AdminStreamDropped ignored -> streamsDropped.increment();
            case NodeEvent.AuditLost gone -> lost.increment(gone.events());
            case LogEvent.Checkpoint ignored -> sealedAt = recorded.time().toEpochMilli() / 1_000.0;
            default -> {}
        }
    }

    private Counter of(Class<? extends AuditEvent> type) {
        return byType.computeIfAbsent(
                type,
                each -> meters.counter(
                        Metric.EVENTS,
                        AuditEvent.EventName.of(each),
                        AuditEvent.levelOf(each).name()));
    }

    private void message(MessageEvent event) {
        switch (event) {
            case MessageEvent.MessageQueued ignored -> add(messages, 1, "queued");
            case MessageEvent.MessageSent sent -> {
                add(messages, 1, "sent");
                add(messageBytes, sent.size(), "out");
            }
            case MessageEvent.MessageReceived received -> {
                add(messages, 1, "received");
                add(messageBytes, received.size(), "in");
            }
            case MessageEvent.MessageDuplicate ignored -> add(messages, 1, "duplicate");
            case MessageEvent.MessageAcknowledged ignored -> add(messages, 1, "delivered");
            case MessageEvent.MessageRefused one -> add(messages, 1, refusal(one));
            case MessageEvent.MessageFailed failed ->
                add(messages, 1, failed.detail().startsWith("EXPIRED") ? "expired" : "cancelled");
        }
    }

    private static String refusal(MessageEvent.MessageRefused event) {
        // The status of one that is to come again: what we have no room for.
        return event.status() == dev.parley.protocol.wire.Record.AckStatus.REFUSED_FOR_NOW.ordinal()
                ? "turned-away"
                : "refused";
    }

    private void session(SessionEvent event) {
        switch (event) {
            case SessionEvent.SessionUp up -> add(opened, 1, Words.of(up.role()));
            case SessionEvent.SessionClosed closed -> add(ended, 1, Words.of(closed.by()), Words.ofCode(closed.code()));
            case SessionEvent.SessionRefused one -> add(refused, 1, Words.ofCode(one.code()));
            case SessionEvent.SessionRatcheted ignored -> ratchets.increment();
            default -> {}
        }
    }

    private void handshake(HandshakeEvent event) {
        switch (event) {
            case HandshakeEvent.HandshakeCompleted completed -> {
                add(handshakes, 1, Words.of(completed.role()), "completed");
                handshakeTimes.get(completed.role()).record(completed.after());
            }
            case HandshakeEvent.HandshakeFailed failed -> {
                add(handshakes, 1, Words.of(failed.role()), "failed");
                add(failures, 1, Words.ofCode(failed.code()));
            }
            case HandshakeEvent.HandshakeRejected rejected -> {
                add(handshakes, 1, Words.of(rejected.role()), "rejected");
                add(failures, 1, Words.ofCode(rejected.code()));
            }
            default -> {}
        }
    }

    /** What was not told one by one: its handshakes count all the same. */
    private void suppressed(ConnectionEvent.StrangersSuppressed sum) {
        leftOut("CONNECTION_OPENED", sum.connectionsOpened());
        leftOut("HANDSHAKE_STARTED", sum.handshakesStarted());
        leftOut("QUOTA_EXCEEDED", sum.quotasExceeded());
        leftOut("HANDSHAKE_FAILED", sum.handshakesFailed());
        leftOut("HANDSHAKE_REJECTED", sum.handshakesRejected());
        leftOut("HANDSHAKE_COMPLETED", sum.handshakesCompleted());
        leftOut("PEER_NOT_QUEUED", sum.peersNotQueued());
        leftOut("PEER_REVOKED", sum.peersRevoked());
        leftOut("SESSION_REFUSED", sum.sessionsRefused());
        leftOut("CONNECTION_CLOSED", sum.connectionsClosed());
        leftOut("PENALTY_BEGUN", sum.penaltiesBegun());
        leftOut("PENALTY_ENDED", sum.penaltiesEnded());
        String responder = Words.of(Role.RESPONDER);
        add(handshakes, sum.handshakesCompleted(), responder, "completed");
        add(handshakes, sum.handshakesFailed(), responder, "failed");
        add(handshakes, sum.handshakesRejected(), responder, "rejected");
    }

    private void leftOut(String event, long events) {
        fill(leftOut, Metric.LEFT_OUT, event);
        add(leftOut, events, event);
    }

    private static String outcome(int status) {
        if (status >= SERVER_ERROR) {
            return "failed";
        }
        return status >= CLIENT_ERROR ? "refused" : "done";
    }

    private void fill(Map<List<String>, Counter> counters, Metric metric, String... values) {
        counters.computeIfAbsent(List.of(values), key -> meters.counter(metric, values));
    }

    private static void add(Map<List<String>, Counter> counters, long count, String... values) {
        counters.get(List.of(values)).increment(count);
    }
}
