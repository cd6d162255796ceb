package dev.parley.client.command;

import dev.parley.client.json.Json;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.node.SocketPath;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Function;

/** What every command is given: the terminal, the options that all have in common, and the way to the node. */
public final class Context {
    private final Terminal terminal;
    private final Function<Path, Node> connector;
    private Path socket;
    private boolean json;
    private boolean colour;
    private Asker asker;
    private SecretAsker secretAsker = Context::fromConsole;

    /** @param connector makes a node of a socket's path; does no I/O yet */
    public Context(Terminal terminal, Function<Path, Node> connector) {
        this.terminal = terminal;
        this.connector = connector;
        this.colour = terminal.colour();
        this.asker = terminal::ask;
    }

    public void setSocket(Path socket) {
        this.socket = socket;
    }

    public void setJson(boolean json) {
        this.json = json;
    }

    public void setNoColour() {
        this.colour = false;
    }

    /** Where a line editor has the terminal, it asks. */
    public void setAsker(Asker asker) {
        this.asker = asker;
    }

    /** Who asks for what must not be seen. */
    public void setSecretAsker(SecretAsker asker) {
        this.secretAsker = asker;
    }

    /** Asks a person without showing what is typed; null if there is no answer. The caller wipes it. */
    char[] askSecret(String question) throws IOException {
        return secretAsker.ask(question);
    }

    private static char[] fromConsole(String question) {
        var console = System.console();
        return console == null ? null : console.readPassword("%s", question);
    }

    /** Asks a person; null if there is no answer. */
    public String ask(String question) throws IOException {
        String answer = asker.ask(question);
        return answer == null ? null : answer.strip();
    }

    /**
     * Ends the command unless a person says yes.
     *
     * @throws Failure too where nobody can be asked
     */
    void confirm(String question) throws IOException {
        if (!terminal.interactive() || json) {
            throw Failure.usage("nobody can be asked whether this is meant", "pass --yes");
        }
        String answer = ask(question);
        if (answer == null || !answer.equalsIgnoreCase("y") && !answer.equalsIgnoreCase("yes")) {
            throw new Failure(ExitCode.FAILED, "not-confirmed", "nothing was done", null);
        }
    }

    public Terminal terminal() {
        return terminal;
    }

    /** Whether the answer is for a program. */
    public boolean json() {
        return json;
    }

    public boolean colour() {
        return colour;
    }

    public Node node() {
        return connector.apply(socketPath());
    }

    public Path socketPath() {
        return SocketPath.find(socket, terminal.environment());
    }

    public Instant now() {
        return terminal.clock().instant();
    }

    /** A line of the answer; harmless by then. */
    public void line(String text) {
        terminal.out().println(text);
    }

    public void table(Table table) {
        table.lines(terminal.columns()).forEach(this::line);
    }

    /** The answer as the node wrote it if it is for a program, else what {@code text} prints. */
    public <T> void answer(Answer<T> answer, Text<T> text) throws IOException {
        if (json) {
            line(Plain.json(answer.json()));
        } else {
            text.print(answer.value());
        }
    }

    /** An answer that the client put together itself. */
    public void json(Object value) {
        line(Plain.json(Json.write(value)));
    }

    /** Something to know that is not the answer. */
    public void note(String text) {
        terminal.err().println(text);
    }

    /** Whether nobody reads the answer any more, as in {@code parley watch | head}. */
    public boolean nobodyReads() {
        return terminal.out().checkError();
    }

    /** Says what was wrong, and what to do. */
    public int report(Failure failure) {
        terminal.out().flush();
        if (json) {
            terminal.err().println(Plain.json(Json.write(failure.forPrograms())));
        } else {
            terminal.err().println("error: " + failure.getMessage());
            if (failure.hint() != null) {
                terminal.err().println("hint: " + failure.hint());
            }
        }
        return failure.exitCode();
    }

    /** Asks a person for a secret. */
    @FunctionalInterface
    public interface SecretAsker {
        char[] ask(String question) throws IOException;
    }

    /** Asks a person one question. */
    @FunctionalInterface
    public interface Asker {
        String ask(String question) throws IOException;
    }

    /** Prints an answer for people. */
    @FunctionalInterface
    public interface Text<T> {
        void print(T value) throws IOException;
    }
}
