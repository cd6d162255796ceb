package dev.parley.node.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the scripts of {@code node/interop} with Node.js. */
final class IndependentPeer {
    /** Where this is {@code required}, a machine without Node.js fails the test that would otherwise skip itself. */
    private static final String SWITCH = "PARLEY_INTEROP";

    private static final Path FOLDER = Path.of("..", "interop").toAbsolutePath().normalize();
    private static final int OLDEST_MAJOR = 20;
    private static final int OLDEST_MINOR = 19;
    private static final Duration QUICKLY = Duration.ofSeconds(20);
    private static final Duration INSTALLATION = Duration.ofMinutes(2);

    private IndependentPeer() {}

    /** Ends the test as skipped unless Node.js is here and the scripts' libraries are, or can be, installed. */
    static void prepare() throws IOException, InterruptedException {
        Output version = run(QUICKLY, "node", "--version");
        if (version.exitCode != 0 || !recentEnough(version.text.strip())) {
            skip("Node.js " + OLDEST_MAJOR + "." + OLDEST_MINOR + " or newer is needed, found: "
                    + version.text.lines().findFirst().orElse("none"));
        }
        if (Files.isDirectory(FOLDER.resolve("node_modules"))) {
            return;
        }
        Output installed = run(INSTALLATION, "npm", "ci", "--no-fund", "--no-audit");
        if (installed.exitCode != 0) {
            skip("npm ci failed in " + FOLDER.getFileName() + ": " + installed.text.strip());
        }
    }

    /** Runs a script to its end; it must end with exit code 0, and what it printed is the message if it does not. */
    static void runsWell(Duration within, Object... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("node"));
        for (Object word : command) {
            words.add(word.toString());
        }
        Output output = run(within, words.toArray(String[]::new));
        System.out.println(output.text);
        assertThat(output.exitCode)
                .as("%s:%n%s", String.join(" ", words), output.text)
                .isZero();
    }

    private static boolean recentEnough(String version) {
        String[] parts = version.replaceFirst("^v", "").split("\\.");
        int major = Integer.parseInt(parts[0]);
        return major > OLDEST_MAJOR || (major == OLDEST_MAJOR && Integer.parseInt(parts[1]) >= OLDEST_MINOR);
    }

    private static void skip(String reason) {
        if ("required".equals(System.getenv(SWITCH))) {
            fail(SWITCH + " is 'required', but " + reason);
        }
        System.out.println("the interop test is skipped: " + reason);
        abort(reason);
    }

    private static Output run(Duration within, String... command) throws IOException, InterruptedException {
        Path text = Files.createTempFile("interop", ".txt");
        try {
            Process process;
            try {
                process = new ProcessBuilder(command)
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(text.toFile())
                        .start();
            } catch (IOException notThere) {
                return new Output(127, "");
            }
            process.getOutputStream().close();
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                return new Output(124, Files.readString(text) + "not done within " + within);
            }
            return new Output(process.exitValue(), Files.readString(text));
        } finally {
            Files.delete(text);
        }
    }

    private record Output(int exitCode, String text) {}
}
