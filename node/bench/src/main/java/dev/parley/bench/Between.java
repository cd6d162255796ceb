package dev.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what goes from one node to another; both are started for it, on fresh data, and know each other. */
abstract class Between implements Callable<Integer> {
    @Option(
            names = "--jar",
            defaultValue = "node/daemon/target/quarkus-app/quarkus-run.jar",
            description = "the node (${DEFAULT-VALUE})")
    Path jar;

    @Option(
            names = "--dir",
            defaultValue = "node/bench/target",
            description = "on the disk to measure (${DEFAULT-VALUE})")
    Path directory;

    @Option(
            names = "--suites",
            split = ",",
            defaultValue = "A256GCM,A256CBC-HS512",
            description = "cipher suites (${DEFAULT-VALUE})")
    List<String> suites;

    @Option(names = "--jvm", description = "an option for the nodes' JVM; may be given again")
    List<String> options = List.of();

    @Spec
    CommandSpec spec;

    interface Measurement {
        /** @param connect a request with which Alice connects to Bob, as she has done already */
        void run(String suite, LocalNode alice, String connect) throws Exception;
    }

    /** Starts Alice and Bob, who are connected, and stops them afterwards; nothing of them is left. */
    final void withNodes(String suite, Map<String, String> more, Measurement measurement) throws Exception {
        var settings = new HashMap<>(more);
        settings.putAll(Map.of("parley.suites", suite, "parley.listen.port", "0", "parley.listen.host", "127.0.0.1"));
        Path home = Files.createTempDirectory(directory, "nodes");
        try (LocalNode alice = LocalNode.start(jar, home.resolve("alice"), options, settings);
                LocalNode bob = LocalNode.start(jar, home.resolve("bob"), options, settings)) {
            alice.trust(bob, "bob");
            bob.trust(alice, "alice");
            String connect =
                    "{\"host\":\"127.0.0.1\",\"port\":%d,\"expect\":\"%s\"}".formatted(bob.port(), bob.peerId());
            try (Admin admin = alice.admin()) {
                admin.post("/v1/connections", connect).expect(200);
            }
            measurement.run(suite, alice, connect);
        } finally {
            delete(home);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(each -> {
                try {
                    Files.delete(each);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
