package dev.parley.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the node's generated tables say that there is: settings by their names in the environment, audit events, metrics. The
 * manifests are held against the tables, and the tables by tests of their own against the node.
 */
record Documented(Set<String> settings, Set<String> events, Set<String> metrics) {
    /** @param daemon the folder with CONFIGURATION.md, AUDIT.md and METRICS.md */
    static Documented read(Path daemon) throws IOException {
        Set<String> settings = new TreeSet<>(Set.of("QUARKUS_MANAGEMENT_HOST", "QUARKUS_MANAGEMENT_PORT"));
        for (String key : first(daemon.resolve("CONFIGURATION.md"), "parley\\.[a-z0-9.-]+")) {
            settings.add(key.replaceAll("[^a-z0-9]", "_").toUpperCase(Locale.ROOT));
        }
        Path metrics = daemon.resolve("METRICS.md");
        Set<String> names = first(metrics, "parley_[a-z0-9_]+");
        // Named in a sentence: what every process has.
        Matcher process = Pattern.compile("`((?:jvm|process|system)_[a-z_]+)`").matcher(Files.readString(metrics));
        while (process.find()) {
            names.add(process.group(1));
        }
        return new Documented(settings, first(daemon.resolve("AUDIT.md"), "[A-Z][A-Z0-9_]+"), names);
    }

    /** The first cells of a file's tables that are a name of this form. */
    private static Set<String> first(Path file, String form) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `(" + form + ")`").matcher(Files.readString(file));
        while (row.find()) {
            names.add(row.group(1));
        }
        if (names.isEmpty()) {
            throw new IOException(file + " has no table with names like " + form);
        }
        return names;
    }
}
