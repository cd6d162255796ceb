package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way round picocli leads to the same place. */
class ShortcutTest {
    static Stream<String> simple() {
        return Stream.of("status", "sessions", "connections", "peers", "messages", "identity", "version")
                .flatMap(
                        name -> Stream.of(name, name + " --json", name + " --socket /x", name + " --socket /x --json"));
    }

    private static FakeTransport transport() {
        return new FakeTransport()
                .on("GET /v1/status", 200, Samples.STATUS)
                .on("GET /v1/sessions", 200, "[" + Samples.SESSION + "]")
                .on("GET /v1/connections", 200, "[" + Samples.CONNECTION + "]")
                .on("GET /v1/peers", 200, "[" + Samples.PEER + "]")
                .on("GET /v1/messages?limit=20", 200, "[" + Samples.message(Samples.delivery("SENT", null)) + "]")
                .on("GET /v1/identity", 200, Samples.IDENTITY)
                .on("GET /v1/version", 404, Samples.problem("not-found", 404, "old", null));
    }

    @ParameterizedTest
    @MethodSource("simple")
    void bothWaysSayTheSame(String arguments) {
        Invocation round = Invocation.shortcut(transport(), arguments.split(" "));
        assertThat(round).isNotNull().isEqualTo(Invocation.run(transport(), arguments.split(" ")));
    }

    @Test
    void failuresToo() {
        FakeTransport refusing = new FakeTransport()
                .on("GET /v1/status", 503, Samples.problem("node-stopping", 503, "it stops", "wait"));
        assertThat(Invocation.shortcut(refusing, "status"))
                .isEqualTo(new Invocation("", "error: it stops\nhint: wait\n", 4))
                .isEqualTo(Invocation.run(refusing, "status"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status --help",
                "status extra",
                "status --jsn",
                "status --socket",
                "status --socket --json",
                "status --json --json",
                "peers list",
                "send bob hi",
                "connect",
                "staus",
                "--json status"
            })
    void whatIsNotSimpleIsLeftToPicocli(String arguments) {
        FakeTransport nobody = new FakeTransport();
        assertThat(Invocation.shortcut(nobody, arguments.split(" "))).isNull();
        assertThat(nobody.asked()).isEmpty();
    }
}
