package dev.parley.lab;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What came of one attack on one victim.
 *
 * @param outcome whether the attacker got what it wanted
 * @param saw what the attacker saw or got, one sentence
 * @param evidence lines that the victims' net.log must hold, for a verdict; only of trials on live nodes
 */
public record Trial(Outcome outcome, String saw, List<Evidence> evidence) {
    /** How it went for the attacker. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        /** Something else happened than success or the expected failure. */
        UNCLEAR
    }

    /**
     * A line that must be there, written after the trial began.
     *
     * @param node name of the node
     * @param event name of the event, one of those of the dossier
     * @param fits what its fields, by name, must be like
     */
    public record Evidence(String node, String event, Predicate<Map<String, Object>> fits) {}

    public Trial {
        evidence = List.copyOf(evidence);
    }

    /** The attacker got what it wanted. */
    public static Trial succeeded(String saw) {
        return new Trial(Outcome.SUCCEEDED, saw, List.of());
    }

    /** The attacker did not get it, and the victim did what it is expected to do. */
    public static Trial failed(String saw, Evidence... evidence) {
        return new Trial(Outcome.FAILED, saw, List.of(evidence));
    }

    /** Neither: no verdict follows from it. */
    public static Trial unclear(String saw) {
        return new Trial(Outcome.UNCLEAR, saw, List.of());
    }

    /** Any line of this event. */
    public static Evidence line(String node, String event) {
        return new Evidence(node, event, fields -> true);
    }

    /** A line of this event with this field. */
    public static Evidence line(String node, String event, String field, Object value) {
        return new Evidence(
                node, event, fields -> String.valueOf(fields.get(field)).equals(String.valueOf(value)));
    }
}
