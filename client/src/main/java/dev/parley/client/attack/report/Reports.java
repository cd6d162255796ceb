package dev.parley.client.attack.report;

import dev.parley.client.json.Json;
import dev.parley.lab.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the reports of one run into a directory. */
public final class Reports {
    private Reports() {}

    /**
     * Writes {@code results.json}, {@code junit.xml}, {@code results.sarif} and {@code results.md}; what had these names is replaced.
     *
     * @param directory made if it is missing
     * @param version of the client, for the tool's name in the reports
     * @return the files
     */
    public static List<Path> write(Path directory, List<Result> results, String version) throws IOException {
        Files.createDirectories(directory);
        return List.of(
                file(directory, "results.json", Json.write(Plainly.run(results)) + "\n"),
                file(directory, "junit.xml", JUnitXml.of(results)),
                file(directory, "results.sarif", Json.write(Sarif.of(results, version)) + "\n"),
                file(directory, "results.md", Markdown.of(results)));
    }

    private static Path file(Path directory, String name, String text) throws IOException {
        return Files.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }
}
