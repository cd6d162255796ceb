package dev.parley.client.top;

import dev.parley.client.text.Width;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/**
 * The terminal in raw mode on its alternate screen (ECMA-48 and the xterm control sequences), drawn a line at a time and only where
 * it changes. Whatever ends the process but SIGKILL gives the terminal back as it was.
 */
final class FullScreen implements Screen, AutoCloseable {
    private static final int ESCAPE = 27;
    /** A key sends its sequence at once; a person does not type an Esc and a bracket so soon. */
    private static final long SEQUENCE_MILLIS = 60;

    private final Terminal terminal;
    private final Attributes before;
    private final PrintWriter out;
    private final NonBlockingReader in;
    private final Thread atExit = new Thread(this::restore, "terminal");
    private List<String> drawn = List.of();
    private int columns;
    private int rows;
    private boolean erase;
    private volatile boolean resized = true;
    private boolean restored;

    FullScreen() throws IOException {
        terminal = TerminalBuilder.builder()
                .name("parley")
                .system(true)
                .encoding(StandardCharsets.UTF_8)
                .build();
        before = terminal.enterRawMode();
        in = terminal.reader();
        out = terminal.writer();
        Runtime.getRuntime().addShutdownHook(atExit);
        terminal.handle(Terminal.Signal.WINCH, signal -> resized = true);
        // A stopped process would leave the alternate screen to the shell.
        terminal.handle(Terminal.Signal.TSTP, Terminal.SignalHandler.SIG_IGN);
        // In raw mode Ctrl-C is a byte, unless the terminal has kept that to itself.
        terminal.handle(Terminal.Signal.INT, signal -> System.exit(0));
        out.print("\033[?1049h\033[?25l\033[2J");
        out.flush();
    }

    /** Asked only after it has changed: where nothing else tells, that is another process. One that does not say has 80 by 24. */
    @Override
    public void measure() {
        if (resized) {
            resized = false;
            columns = terminal.getWidth() > 0 ? terminal.getWidth() : 80;
            rows = terminal.getHeight() > 0 ? terminal.getHeight() : 24;
            erase = true;
        }
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public int rows() {
        return rows;
    }

    /** Draws what differs from what is there. */
    @Override
    public synchronized void draw(List<String> lines) {
        if (restored) {
            return;
        }
        StringBuilder change = new StringBuilder();
        if (erase) {
            erase = false;
            drawn = List.of();
            change.append("\033[2J");
        }
        for (int i = 0; i < Math.max(lines.size(), drawn.size()) && i < rows; i++) {
            String now = i < lines.size() ? lines.get(i) : "";
            String then = i < drawn.size() ? drawn.get(i) : "";
            if (!now.equals(then)) {
                change.append("\033[").append(i + 1).append(";1H").append(now);
                // What fills the row leaves the cursor on its last column, which an erasure would take.
                if (Width.of(plain(now)) < columns) {
                    change.append("\033[K");
                }
            }
        }
        drawn = List.copyOf(lines);
        if (!change.isEmpty()) {
            out.print(change);
            out.flush();
        }
    }

    private static String plain(String styled) {
        return styled.replaceAll("\033\\[\\d+m", "");
    }

    @Override
    public Choice.Key key(long millis) throws IOException {
        int c = in.read(Math.max(1, millis));
        return switch (c) {
            case NonBlockingReader.READ_EXPIRED -> null;
            case -1, 3, 4, 'q', 'Q' -> Choice.Key.QUIT;
            case ESCAPE -> sequence();
            case '\r', '\n' -> Choice.Key.ENTER;
            case 'k' -> Choice.Key.UP;
            case 'j' -> Choice.Key.DOWN;
            case 's' -> Choice.Key.SORT;
            case 'r' -> Choice.Key.LIMITS;
            case 'p' -> Choice.Key.PAUSE;
            case '?', 'h' -> Choice.Key.HELP;
            case 127, 8 -> Choice.Key.BACK;
            default -> null;
        };
    }

    private Choice.Key sequence() throws IOException {
        int kind = in.read(SEQUENCE_MILLIS);
        if (kind != '[' && kind != 'O') {
            return Choice.Key.BACK;
        }
        int c = in.read(SEQUENCE_MILLIS);
        return switch (c) {
            case 'A' -> Choice.Key.UP;
            case 'B' -> Choice.Key.DOWN;
            case 'H' -> Choice.Key.HOME;
            case 'F' -> Choice.Key.END;
            case '1', '4', '5', '6', '7', '8' -> {
                // To the end of the sequence; with a modifier it is longer, and means nothing here.
                int next = in.read(SEQUENCE_MILLIS);
                boolean plain = next == '~';
                while (next >= 0 && next != '~' && !Character.isLetter(next)) {
                    next = in.read(SEQUENCE_MILLIS);
                }
                yield !plain
                        ? null
                        : switch (c) {
                            case '5' -> Choice.Key.PAGE_UP;
                            case '6' -> Choice.Key.PAGE_DOWN;
                            case '1', '7' -> Choice.Key.HOME;
                            default -> Choice.Key.END;
                        };
            }
            default -> null;
        };
    }

    private synchronized void restore() {
        if (!restored) {
            restored = true;
            out.print("\033[0m\033[?25h\033[?1049l");
            out.flush();
            terminal.setAttributes(before);
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The process ends already, and the hook finds nothing to do.
            return;
        }
        try {
            terminal.close();
        } catch (IOException e) {
            // The process is about to end.
        }
    }
}
