package dev.parley.client.attack;

import dev.parley.lab.Journal;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.LiveNode.LogLine;
import dev.parley.lab.stand.Stand;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells a journal what the nodes write into net.log, as they write it. */
final class LogWatch implements AutoCloseable {
    private static final int POLL_MILLIS = 100;
    /** Shown of each line: who and what, not every number. */
    private static final Set<String> SHOWN = Set.of(
            "reason", "detail", "code", "peer", "claimedPeer", "by", "how", "quota", "limit", "alias", "problem");

    private static final Set<String> SILENT = Set.of("ADMIN_COMMAND", "ADMIN_REPEATED", "CHECKPOINT");
    private static final int LONGEST_VALUE = 48;

    private final Stand stand;
    private final Journal journal;
    private final Thread thread;
    private final Map<LiveNode, Long> seen = new HashMap<>();

    LogWatch(Stand stand, Journal journal) throws IOException {
        this.stand = stand;
        this.journal = journal;
        for (LiveNode each : stand.nodes()) {
            seen.put(each, each.lastLine());
        }
        this.thread = Thread.ofVirtual().name("log watch").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                look();
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            // Closed.
        } catch (IOException e) {
            journal.defender("net.log cannot be read: " + e.getMessage());
        }
    }

    private synchronized void look() throws IOException {
        for (LiveNode node : stand.nodes()) {
            for (LogLine line : node.linesAfter(seen.getOrDefault(node, 0L))) {
                seen.put(node, line.seq());
                if (!SILENT.contains(line.event())) {
                    journal.defender(node.name() + ": " + line.event() + shown(line.fields()));
                }
            }
        }
    }

    private static String shown(Map<String, Object> fields) {
        return fields.entrySet().stream()
                .filter(each -> SHOWN.contains(each.getKey()))
                .map(each -> " " + each.getKey() + "=" + shortened(String.valueOf(each.getValue())))
                .collect(Collectors.joining());
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…";
    }

    /** Tells what is still to tell, and stops. */
    @Override
    public void close() throws IOException {
        thread.interrupt();
        look();
    }
}
