package dev.parley.client.chat;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A terminal with line editing and a history of this run; nothing is kept on disk, for it would hold messages. */
final class LineScreen implements Screen {
    private final Terminal terminal;
    private final LineReader reader;
    private Thread reading;
    private boolean woken;

    LineScreen() throws IOException {
        terminal = TerminalBuilder.builder()
                .name("parley")
                .system(true)
                .encoding(java.nio.charset.StandardCharsets.UTF_8)
                .build();
        DefaultParser parser = new DefaultParser();
        // What is typed is text, not a shell's words.
        parser.setEscapeChars(new char[0]);
        parser.setQuoteChars(new char[0]);
        parser.setEofOnUnclosedQuote(false);
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(parser)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.BRACKETED_PASTE, true)
                .variable(LineReader.HISTORY_SIZE, 500)
                .build();
    }

    @Override
    public void show(String text) {
        reader.printAbove(text);
    }

    @Override
    public String read(String prompt) {
        return read(prompt, () -> false);
    }

    @Override
    public String read(String prompt, BooleanSupplier enough) {
        if (!begin(enough)) {
            return WOKEN;
        }
        try {
            return reader.readLine(prompt);
        } catch (UserInterruptException e) {
            if (end()) {
                return WOKEN;
            }
            // Ctrl-C drops the line; on an empty one it means out.
            return e.getPartialLine().isEmpty() ? null : "";
        } catch (EndOfFileException e) {
            return null;
        } finally {
            end();
        }
    }

    @Override
    public synchronized void wake() {
        if (reading != null) {
            woken = true;
            // JLine takes an interrupt of the reading thread for Ctrl-C.
            reading.interrupt();
        }
    }

    /** From here on a wake interrupts; what happened before shows in {@code enough}. */
    private synchronized boolean begin(BooleanSupplier enough) {
        woken = false;
        if (enough.getAsBoolean()) {
            return false;
        }
        reading = Thread.currentThread();
        return true;
    }

    /** Whether it was woken. */
    private synchronized boolean end() {
        reading = null;
        if (woken) {
            Thread.interrupted();
        }
        return woken;
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException e) {
            // The process is about to end.
        }
    }
}
