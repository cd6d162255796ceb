package dev.parley.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.lab.network.Network.AttackerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkFileTest {
    private static final String GOOD = """
            duration: 10s
            nodes:
              - name: alice
                settings: {parley.session.ping-after: 1s}
              - name: bob
            links:
              - from: alice
                to: bob
                delay: 20ms
                loss: 2%
                rate: 64KiB
                cuts:
                  - {at: 2s, for: 1s, how: reset}
                attacker: {kind: flipper, every: 3s}
            traffic:
              - {from: bob, to: alice, every: 100ms, size: 1KiB}
            """;

    @Test
    void everythingIsRead() throws NetworkFileException {
        Network network = NetworkFile.parse(GOOD);
        assertThat(network.nodes().getFirst().settings()).containsEntry("PARLEY_SESSION_PING_AFTER", "1s");
        var link = network.links().getFirst();
        assertThat(link.delay()).isEqualTo(Duration.ofMillis(20));
        assertThat(link.loss()).isEqualTo(0.02);
        assertThat(link.rate()).isEqualTo(64 << 10);
        assertThat(link.cuts()).containsExactly(new Network.Cut(Duration.ofSeconds(2), Duration.ofSeconds(1), true));
        assertThat(link.attacker().kind()).isEqualTo(AttackerKind.FLIPPER);
        assertThat(network.traffic().getFirst().size()).isEqualTo(1_024);
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples"))) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theExamplesAreGood(Path example) throws Exception {
        assertThat(NetworkFile.parse(Files.readString(example)).links()).isNotEmpty();
    }

    /** What is replaced by what, the line that is named and a part of what is said. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "duration: 10s | duration: ten | 1 | a time like 20ms",
                "duration: 10s | duration: 0s | 1 | not 0",
                "duration: 10s | duration: 2h | 1 | up to 1h",
                "duration: 10s | length: 10s | 1 | needs 'duration'",
                "duration: 10s | {duration: 10s, duration: 11s | 2 | not YAML",
                "name: bob | name: alice | 5 | another node alice",
                "name: bob | name: Bob | 5 | lower-case",
                "name: bob | colour: red | 5 | needs 'name'",
                "to: bob | to: carol | 8 | no node 'carol'",
                "to: bob | to: alice | 8 | joins two nodes",
                "delay: 20ms | delay: 20 | 9 | a time like",
                "delay: 20ms | delay: [1] | 9 | single value",
                "delay: 20ms | latency: 20ms | 9 | has no 'latency'",
                "loss: 2% | loss: 200% | 10 | a share",
                "rate: 64KiB | rate: -1 | 11 | a size",
                "how: reset | how: badly | 13 | stall or reset",
                "at: 2s | at: 12s | 13 | after the end",
                "kind: flipper | kind: saint | 14 | eavesdropper, flipper or flooder",
                "every: 3s} | rate: 3} | 14 | has no 'rate'",
                "size: 1KiB | size: 3 | 16 | from 16",
                "every: 100ms | every: 0s | 16 | not 0",
                "parley.session.ping-after | path | 4 | no setting",
                "parley.session.ping-after | parley.data.dir | 4 | no setting",
            })
    void whatIsWrongIsNamedWithItsLine(String good, String bad, int line, String said) {
        assertThatThrownBy(() -> NetworkFile.parse(GOOD.replace(good, bad)))
                .isInstanceOf(NetworkFileException.class)
                .hasMessageStartingWith("line " + line + ": ")
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({"''", "'# nothing'", "just text", "'- a list'", "'a: &x [*x]'", "'&a {duration: *a}'", "'\t'"})
    void whatIsNoNetworkIsSaidToBeNone(String text) {
        assertThatThrownBy(() -> NetworkFile.parse(text)).isInstanceOf(NetworkFileException.class);
    }

    @Test
    void aTypeOfJavaIsNotMade() {
        assertThatThrownBy(() -> NetworkFile.parse("duration: !!javax.script.ScriptEngineManager [x]"))
                .isInstanceOf(NetworkFileException.class);
    }

    @Test
    void depthHasALimit() {
        assertThatThrownBy(() -> NetworkFile.parse("[".repeat(5_000))).isInstanceOf(NetworkFileException.class);
    }

    @Test
    void nodesThatAreNotLinkedDoNotTalk() {
        assertThatThrownBy(() -> NetworkFile.parse(GOOD.replace("- name: bob", "- name: bob\n  - name: carol")
                        .replace("{from: bob, to: alice", "{from: carol, to: alice")))
                .hasMessageContaining("no link between carol and alice");
    }
}
