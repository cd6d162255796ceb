package dev.parley.client.command;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;

/**
 * Where a command reads and writes.
 *
 * @param out the answer and nothing else
 * @param err everything else
 * @param interactive whether a person can be asked: input and errors are on a terminal
 * @param columns width of the terminal that {@code out} is; 0 if it is none
 * @param colour whether {@code out} may be coloured
 * @param environment the process's
 * @param clock for ages
 * @param zone for times of day
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean interactive,
        int columns,
        boolean colour,
        Map<String, String> environment,
        Clock clock,
        ZoneId zone) {

    /**
     * The terminal of this process. The launcher says in {@code parley.tty} which of 0, 1 and 2 are terminals and in
     * {@code parley.columns} how wide it is: a shell knows it for nothing. UTF-8 whatever the locale: we write no other.
     */
    public static Terminal ofProcess() {
        String ttys = System.getProperty("parley.tty");
        if (ttys == null) {
            var console = System.console();
            ttys = console != null && console.isTerminal() ? "012" : "";
        }
        boolean outIsTerminal = ttys.contains("1");
        Map<String, String> environment = System.getenv();
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                ttys.contains("0") && ttys.contains("2"),
                outIsTerminal ? Integer.getInteger("parley.columns", 80) : 0,
                outIsTerminal && !plain,
                environment,
                Clock.systemUTC(),
                ZoneId.systemDefault());
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Whether {@code out} is a terminal. */
    public boolean outIsTerminal() {
        return columns > 0;
    }

    /**
     * Asks a person; the question goes to {@code err}.
     *
     * @return the line without white space around it, or null at the end of the input
     */
    public String ask(String question) throws IOException {
        err.print(question);
        err.flush();
        // Byte by byte: a reader would swallow what comes after the line.
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            err.println();
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
