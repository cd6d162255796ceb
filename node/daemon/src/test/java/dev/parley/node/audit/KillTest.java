package dev.parley.node.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.evidence.LogFile;
import dev.parley.evidence.LogVerifier;
import dev.parley.evidence.Report;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed at random instants while it logs: its log verifies every time, and what it acknowledged is in it. */
@Tag("long")
class KillTest {
    private static final IdentityKey IDENTITY = IdentityKey.generate(2048, new SecureRandom());
    private static final Pattern EVENT =
            Pattern.compile("\"exitCode\":(\\d+),\"problem\":\"run (\\d+) thread ([01])\"");
    private static final int KILLS_OF_ONE_LOG = 10;

    private final Random random = new Random();
    private long torn;

    @TempDir
    Path root;

    @Test
    void tenKills() throws Exception {
        kill(KILLS_OF_ONE_LOG);
    }

    @Test
    void twoHundredKills() throws Exception {
        kill(200);
    }

    private void kill(int kills) throws Exception {
        for (int first = 0; first < kills; first += KILLS_OF_ONE_LOG) {
            var directory = Files.createDirectory(root.resolve("log" + first));
            Files.writeString(directory.resolve("identity.pem"), IDENTITY.toPem());
            List<int[]> acknowledged = new ArrayList<>();
            for (int run = 0; run < KILLS_OF_ONE_LOG; run++) {
                acknowledged.add(runAndKill(directory, run));
                var report = verify(directory);
                assertThat(report.broken()).as("after kill %d", first + run).isEmpty();
                torn = report.torn();
            }
            assertThat(highest(directory))
                    .usingElementComparator((in, expected) -> expected[0] <= in[0] && expected[1] <= in[1] ? 0 : 1)
                    .containsExactlyElementsOf(acknowledged);
        }
        System.out.printf("%d kills, every log verified; %d torn lines in the last%n", kills, torn);
    }

    /** The number of the last event of each thread that was acknowledged. */
    private int[] runAndKill(Path directory, int run) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AuditProcess.class.getName(),
                        directory.toString(),
                        Integer.toString(run))
                .redirectError(directory.resolve("stderr").toFile())
                .start();
        int[] acknowledged = {-1, -1};
        try (var in = new DataInputStream(process.getInputStream())) {
            read(in, acknowledged);
            long until =
                    System.nanoTime() + random.nextLong(Duration.ofMillis(150).toNanos());
            while (System.nanoTime() < until) {
                read(in, acknowledged);
            }
            process.destroyForcibly();
            while (true) {
                read(in, acknowledged);
            }
        } catch (EOFException | java.io.UncheckedIOException killed) {
            // What was acknowledged is read.
        } catch (IOException killed) {
            assertThat(killed).hasMessageContaining("closed");
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(acknowledged)
                .as(Files.readString(directory.resolve("stderr")))
                .isNotEqualTo(new int[] {-1, -1});
        return acknowledged;
    }

    private static void read(DataInputStream in, int[] acknowledged) throws IOException {
        int thread = in.readInt();
        acknowledged[thread] = in.readInt();
    }

    /** The last event of each run and thread that is in the log; none between is missing. */
    private static List<int[]> highest(Path directory) throws IOException {
        List<int[]> highest = new ArrayList<>();
        for (Path file : files(directory).reversed()) {
            try (var lines = Files.lines(file, java.nio.charset.StandardCharsets.ISO_8859_1)) {
                lines.forEach(line -> {
                    var matcher = EVENT.matcher(line);
                    if (matcher.find()) {
                        int run = Integer.parseInt(matcher.group(2));
                        while (highest.size() <= run) {
                            highest.add(new int[] {-1, -1});
                        }
                        int[] of = highest.get(run);
                        int thread = Integer.parseInt(matcher.group(3));
                        assertThat(Integer.parseInt(matcher.group(1))).isEqualTo(++of[thread]);
                    }
                });
            }
        }
        return highest;
    }

    private static Report verify(Path directory) throws IOException {
        return LogVerifier.of(IDENTITY.peerId().toString(), List.of(), false)
                .verify(files(directory).stream().map(LogFile::of).toList());
    }

    /** The newest first. */
    private static List<Path> files(Path directory) throws IOException {
        try (var all = Files.list(directory)) {
            var files = all.filter(each -> each.getFileName().toString().startsWith("net.log"))
                    .toArray(Path[]::new);
            Arrays.sort(files, java.util.Comparator.comparingInt(KillTest::number));
            return List.of(files);
        }
    }

    private static int number(Path file) {
        var name = file.getFileName().toString();
        return name.equals("net.log") ? 0 : Integer.parseInt(name.substring("net.log.".length()));
    }
}
