package dev.parley.lab.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was sent from one node to another, and what became of it. Thread-safe. */
final class TrafficLog {
    /** A text carries its number, and is long enough that finding it on the wire is no chance. */
    static final int SMALLEST = 16;

    /** A message that a node took. @param at milliseconds since 1970 when it was handed over */
    record Sent(String id, String text, long at) {}

    private final String from;
    private final String to;
    private final List<Sent> sent = new ArrayList<>();
    private int refused;

    TrafficLog(String from, String to) {
        this.from = from;
        this.to = to;
    }

    String from() {
        return from;
    }

    String to() {
        return to;
    }

    synchronized void sent(String id, String text, long at) {
        sent.add(new Sent(id, text, at));
    }

    /** The node did not take one: it is accounted for, and nobody waits for it. */
    synchronized void refused() {
        refused++;
    }

    synchronized int refusals() {
        return refused;
    }

    synchronized List<Sent> all() {
        return List.copyOf(sent);
    }

    synchronized int count() {
        return sent.size();
    }

    synchronized Map<String, Sent> byId() {
        Map<String, Sent> all = new LinkedHashMap<>();
        sent.forEach(each -> all.put(each.id(), each));
        return all;
    }
}
