package dev.parley.lab.foe;

import dev.parley.lab.Trial.Evidence;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.LiveNode.LogLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What foes look for in a victim's log and list of sessions. */
public final class Seen {
    private Seen() {}

    /** That a handshake which came from there failed with this code. */
    public static Evidence failedHandshake(LiveNode node, Source source, int code) {
        return new Evidence(
                node.name(), "HANDSHAKE_FAILED", fields -> source.is(fields.get("remote")) && is(fields, "code", code));
    }

    /** That a peer was not let in, with this code. */
    public static Evidence refused(LiveNode node, String peerId, int code) {
        return new Evidence(
                node.name(), "SESSION_REFUSED", fields -> is(fields, "peer", peerId) && is(fields, "code", code));
    }

    /** The first line that says that the node has a defect; null if there is none. */
    public static LogLine defect(LiveNode node, long after) throws IOException {
        return node.linesAfter(after).stream()
                .filter(each ->
                        each.event().equals("INTERNAL_ERROR") || each.event().equals("AUDIT_LOST"))
                .findFirst()
                .orElse(null);
    }

    /** A list of objects that the admin API has answered with. */
    public static List<Map<?, ?>> list(Object answer) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (answer instanceof List<?> items) {
            items.forEach(each -> maps.add((Map<?, ?>) each));
        }
        return maps;
    }

    /** The sessions that a node has with a peer. */
    public static List<Map<?, ?>> sessions(LiveNode at, String peerId) throws IOException {
        return list(at.call("GET", "/sessions", null)).stream()
                .filter(each -> peerId.equals(each.get("peerId")) && "UP".equals(each.get("state")))
                .toList();
    }

    /** Whether a node knows a peer in this state. */
    public static boolean knows(LiveNode at, String peerId, String state) throws IOException {
        return list(at.call("GET", "/peers", null)).stream()
                .anyMatch(each -> peerId.equals(each.get("peerId")) && state.equals(each.get("state")));
    }

    private static boolean is(Map<String, Object> fields, String name, Object value) {
        return String.valueOf(fields.get(name)).equals(String.valueOf(value));
    }
}
