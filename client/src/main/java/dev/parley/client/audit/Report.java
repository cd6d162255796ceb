package dev.parley.client.audit;

import dev.parley.client.json.Json;
import dev.parley.client.json.JsonException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What lines of {@code net.log} say together about a time. Takes the lines in their order, keeps numbers and a bounded number of names,
 * and is read by {@link ReportText}, or as JSON by {@link #fields}.
 */
public final class Report {
    static final int ROWS = 15;
    private static final int MOST_PEERS = 10_000;
    private static final int MOST_ALARMS = 50;

    /** What one peer did. */
    static final class PeerUse {
        String alias;
        long sessions;
        long messagesIn;
        long messagesOut;
        long bytesIn;
        long bytesOut;
        Instant last;
    }

    /** Something to look at: an event, how often, and the last one in full. */
    static final class Alarm {
        final String event;
        long times;
        String first;
        String last;
        String what;

        Alarm(String event) {
            this.event = event;
        }
    }

    private Instant from;
    private Instant to;
    private long lines;
    private long bytes;
    private long unreadable;
    private long missing;
    private long backwards;
    private long lastSeq = -1;
    private boolean running;
    private boolean startSeen;

    private final Tally events = new Tally();
    private final Map<String, PeerUse> peers = new HashMap<>();
    private final Map<Long, String> peerOfConnection = new HashMap<>();
    private final Map<String, Alarm> alarms = new LinkedHashMap<>();
    private final Tally warnings = new Tally();
    private final Tally refusedByReason = new Tally();
    private final Tally refusedByAddress = new Tally();
    private final Tally adminByUid = new Tally();
    private final Tally adminRefused = new Tally();
    private final Map<String, Long> amounts = new LinkedHashMap<>();
    private long crashes;

    /** Takes the next line. */
    public void add(String line) {
        lines++;
        bytes += line.length() + 1;
        try {
            if (Json.parse(line) instanceof Map<?, ?> fields && fields.get("event") instanceof String event) {
                add(event, fields);
                return;
            }
        } catch (JsonException torn) {
            // Counted like what is no event.
        }
        unreadable++;
    }

    private void add(String event, Map<?, ?> fields) {
        place(fields);
        events.add(event);
        String level = text(fields, "level");
        if ("ALARM".equals(level)) {
            alarm(event, fields);
        } else if ("WARN".equals(level)) {
            warnings.add(event);
        }
        switch (event) {
            case "NODE_STARTED" -> {
                // Of the first start in the report nobody knows how the run before it ended.
                crashes += running && startSeen ? 1 : 0;
                startSeen = true;
                running = true;
                peerOfConnection.clear();
            }
            case "NODE_STOPPED", "PORT_IN_USE", "START_FAILED", "CONFIG_ERROR" -> running = false;
            case "SESSION_UP" -> sessionUp(fields);
            case "SESSION_CLOSED" -> sessionClosed(fields);
            case "CONNECTION_CLOSED" -> connectionClosed(fields);
            case "HANDSHAKE_FAILED" -> refused("handshake failed, code " + number(fields, "code"), fields);
            case "HANDSHAKE_REJECTED" -> refused("ended by the other side, code " + number(fields, "code"), fields);
            case "SESSION_REFUSED" -> refused("not let in, code " + number(fields, "code"), fields);
            case "QUOTA_EXCEEDED" -> refused("over a quota: " + text(fields, "quota"), fields);
            case "PEER_NOT_QUEUED" -> refused("unknown, and the queue for approval is full", fields);
            case "STRANGERS_SUPPRESSED" -> suppressed(fields);
            case "ADMIN_COMMAND" -> admin(fields);
            case "ADMIN_REPEATED" -> adminByUid.add("uid " + number(fields, "uid"), number(fields, "count"));
            case "MESSAGE_SENT", "MESSAGE_RECEIVED" -> amounts.merge(event, number(fields, "size"), Long::sum);
            case "FILE_COMPLETED" ->
                amounts.merge(
                        Boolean.TRUE.equals(fields.get("outgoing")) ? "FILES_OUT" : "FILES_IN",
                        number(fields, "size"),
                        Long::sum);
            default -> {}
        }
    }

    private void place(Map<?, ?> fields) {
        Instant time = time(fields);
        if (time != null) {
            from = from == null ? time : from;
            if (to != null && time.isBefore(to)) {
                backwards++;
            } else {
                to = time;
            }
        }
        if (fields.get("seq") instanceof Long seq) {
            if (lastSeq >= 0 && seq > lastSeq + 1) {
                missing += seq - lastSeq - 1;
            } else if (lastSeq >= 0 && seq <= lastSeq) {
                backwards++;
            }
            lastSeq = seq;
        }
    }

    private void alarm(String event, Map<?, ?> fields) {
        if (alarms.size() >= MOST_ALARMS && !alarms.containsKey(event)) {
            return;
        }
        Alarm alarm = alarms.computeIfAbsent(event, Alarm::new);
        alarm.times++;
        alarm.first = alarm.first == null ? text(fields, "time") : alarm.first;
        alarm.last = text(fields, "time");
        StringBuilder what = new StringBuilder();
        fields.forEach((name, value) -> {
            if (!List.of("time", "seq", "prev", "level", "event", "ciphertext").contains(name)) {
                what.append(what.isEmpty() ? "" : " ").append(name).append('=').append(value);
            }
        });
        alarm.what = what.toString();
    }

    private PeerUse peer(String id) {
        return peers.computeIfAbsent(
                peers.size() < MOST_PEERS || peers.containsKey(id) ? id : "(others)", each -> new PeerUse());
    }

    private void sessionUp(Map<?, ?> fields) {
        String id = text(fields, "peer");
        PeerUse use = peer(id);
        use.sessions++;
        use.alias = fields.get("alias") == null ? use.alias : text(fields, "alias");
        use.last = time(fields);
        if (fields.get("connection") instanceof Long connection && peerOfConnection.size() < MOST_PEERS) {
            peerOfConnection.put(connection, id);
        }
    }

    private void sessionClosed(Map<?, ?> fields) {
        PeerUse use = peer(text(fields, "peer"));
        use.messagesIn += number(fields, "messagesIn");
        use.messagesOut += number(fields, "messagesOut");
        use.last = time(fields);
    }

    private void connectionClosed(Map<?, ?> fields) {
        String id = peerOfConnection.remove(number(fields, "connection"));
        if (id != null) {
            PeerUse use = peer(id);
            use.bytesIn += number(fields, "bytesIn");
            use.bytesOut += number(fields, "bytesOut");
        }
    }

    private void refused(String why, Map<?, ?> fields) {
        refusedByReason.add(why);
        refusedByAddress.add(host(text(fields, "remote")));
    }

    /** Of a flood the log has sums only. */
    private void suppressed(Map<?, ?> fields) {
        long failed = number(fields, "handshakesFailed");
        long rejected = number(fields, "handshakesRejected");
        long quota = number(fields, "quotasExceeded");
        refusedByReason.add("in floods: handshake failed", failed);
        refusedByReason.add("in floods: ended by the other side", rejected);
        refusedByReason.add("in floods: over a quota", quota);
        refusedByAddress.add(text(fields, "source"), failed + rejected + quota);
        amounts.merge("FLOODED", number(fields, "connectionsOpened"), Long::sum);
    }

    private void admin(Map<?, ?> fields) {
        adminByUid.add("uid " + number(fields, "uid"));
        long status = number(fields, "status");
        if (status >= 400) {
            String path = text(fields, "path").replaceAll("\\?.*", "");
            adminRefused.add("uid " + number(fields, "uid") + ": " + text(fields, "method") + " "
                    + (path.length() > 80 ? path.substring(0, 80) + "…" : path) + " -> " + status
                    + (fields.get("code") == null ? "" : " " + text(fields, "code")));
        }
    }

    Instant from() {
        return from;
    }

    Instant to() {
        return to;
    }

    long lines() {
        return lines;
    }

    long bytes() {
        return bytes;
    }

    long count(String event) {
        return events.of(event);
    }

    long amount(String name) {
        return amounts.getOrDefault(name, 0L);
    }

    Map<String, PeerUse> peers() {
        return peers;
    }

    List<Alarm> alarms() {
        return new ArrayList<>(alarms.values());
    }

    Tally warnings() {
        return warnings;
    }

    Tally refusedByReason() {
        return refusedByReason;
    }

    Tally refusedByAddress() {
        return refusedByAddress;
    }

    Tally adminByUid() {
        return adminByUid;
    }

    Tally adminRefused() {
        return adminRefused;
    }

    /** What a security officer reads first, the gravest first; empty if nothing stands out. */
    List<String> standsOut() {
        List<String> found = new ArrayList<>();
        for (Alarm each : alarms()) {
            found.add("ALARM " + each.event + ", " + each.times + (each.times == 1 ? " time" : " times") + ", last at "
                    + each.last + ": " + each.what);
        }
        add(found, missing, "lines are missing: their numbers are passed over");
        add(found, backwards, "lines are out of order: times or numbers run backwards");
        add(found, unreadable, "lines are not readable");
        add(found, crashes, "runs of the node ended without NODE_STOPPED: a crash, a kill, or a power cut");
        add(found, amount("FLOODED"), "connections came in floods and are in the log as sums only");
        long strangers = events.of("PEER_PENDING");
        add(
                found,
                strangers,
                strangers == 1 ? "unknown peer asked to be let in" : "times unknown peers asked to be let in");
        add(found, adminRefused.sum(), "admin commands were refused");
        return found;
    }

    private static void add(List<String> found, long count, String what) {
        if (count > 0) {
            found.add(count + " " + what);
        }
    }

    /** All of it for a program. */
    public Map<String, Object> fields() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("from", from == null ? null : from.toString());
        all.put("to", to == null ? null : to.toString());
        all.put("lines", lines);
        all.put("bytes", bytes);
        all.put("standsOut", standsOut());
        all.put("linesMissing", missing);
        all.put("linesOutOfOrder", backwards);
        all.put("linesUnreadable", unreadable);
        all.put("runsNotStopped", crashes);
        List<Object> who = new ArrayList<>();
        peers.forEach((id, use) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("peerId", id);
            one.put("alias", use.alias);
            one.put("sessions", use.sessions);
            one.put("messagesIn", use.messagesIn);
            one.put("messagesOut", use.messagesOut);
            one.put("bytesIn", use.bytesIn);
            one.put("bytesOut", use.bytesOut);
            one.put("last", use.last == null ? null : use.last.toString());
            who.add(one);
        });
        all.put("peers", who);
        all.put("refusedByReason", refusedByReason.most(ROWS * ROWS));
        all.put("refusedByAddress", refusedByAddress.most(ROWS * ROWS));
        all.put("adminCommandsByUid", adminByUid.most(ROWS * ROWS));
        all.put("adminCommandsRefused", adminRefused.most(ROWS * ROWS));
        all.put("warnings", warnings.most(ROWS * ROWS));
        all.put("events", events.most(ROWS * ROWS));
        all.put("bytesOfMessagesSent", amount("MESSAGE_SENT"));
        all.put("bytesOfMessagesReceived", amount("MESSAGE_RECEIVED"));
        all.put("bytesOfFilesSent", amount("FILES_OUT"));
        all.put("bytesOfFilesReceived", amount("FILES_IN"));
        return all;
    }

    private static Instant time(Map<?, ?> fields) {
        try {
            return Instant.parse(text(fields, "time"));
        } catch (DateTimeException forged) {
            return null;
        }
    }

    private static String text(Map<?, ?> fields, String name) {
        return String.valueOf(fields.get(name));
    }

    private static long number(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Long number ? number : 0;
    }

    private static String host(String address) {
        return address.replaceFirst(":\\d+$", "");
    }
}
