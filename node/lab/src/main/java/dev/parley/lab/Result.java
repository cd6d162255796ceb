package dev.parley.lab;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An attack, judged.
 *
 * @param verdict what it has shown
 * @param reason why this verdict, one sentence
 * @param control what came of it at the control; none if it did not end
 * @param parley what came of it at live nodes; none if it was not tried or did not end
 * @param lines the lines of net.log that prove it, as they are
 * @param took in all
 */
public record Result(
        Dossier dossier,
        Verdict verdict,
        String reason,
        Optional<Trial> control,
        Optional<Trial> parley,
        List<String> lines,
        Duration took) {
    public Result {
        lines = List.copyOf(lines);
    }
}
