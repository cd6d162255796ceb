package dev.parley.client;

import dev.parley.client.command.Context;
import dev.parley.client.command.Terminal;
import dev.parley.client.http.Transport;
import dev.parley.client.node.Node;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Function;

/** One run of the client in this process: arguments and input to output, errors and exit code. */
record Invocation(String out, String err, int exitCode) {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    /** In a pipe: no terminal anywhere. */
    static Invocation run(Transport transport, String... arguments) {
        return run(transport, "", false, Map.of(), arguments);
    }

    /** By the way round picocli; null if that does not take the arguments. */
    static Invocation shortcut(Transport transport, String... arguments) {
        return of(transport, "", false, Map.of(), context -> Shortcut.run(context, arguments));
    }

    /** @param interactive as on a terminal of 100 columns without colours */
    static Invocation run(
            Transport transport,
            String input,
            boolean interactive,
            Map<String, String> environment,
            String... arguments) {
        return of(transport, input, interactive, environment, context -> Commands.run(context, arguments));
    }

    private static Invocation of(
            Transport transport,
            String input,
            boolean interactive,
            Map<String, String> environment,
            Function<Context, Integer> command) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive,
                interactive ? 100 : 0,
                false,
                environment,
                Clock.fixed(NOW, ZoneOffset.UTC),
                ZoneOffset.UTC);
        Integer code = command.apply(new Context(terminal, socket -> new Node(transport)));
        return code == null
                ? null
                : new Invocation(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), code);
    }
}
