package dev.parley.client.command;

import dev.parley.client.text.Plain;
import dev.parley.client.text.Width;
import dev.parley.client.text.Words;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How far a file is, on stderr: a bar that stays in its line on a terminal, else a line now and then. */
final class Progress implements AutoCloseable {
    private static final long BAR_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;
    private static final int BAR = 20;

    private final Context context;
    private final String name;
    private final long total;
    private final LongSupplier nanos;
    private final boolean bar;
    private final long begun;
    private final long from;
    private long done;
    private long shownAt;
    private boolean shown;

    /** @param total in bytes; negative if it is not known */
    Progress(Context context, String name, long total, long from) {
        this(context, name, total, from, System::nanoTime);
    }

    Progress(Context context, String name, long total, long from, LongSupplier nanos) {
        this.context = context;
        this.name = Plain.line(name);
        this.total = total;
        this.from = from;
        this.done = from;
        this.nanos = nanos;
        this.bar = context.terminal().interactive();
        this.begun = nanos.getAsLong();
        this.shownAt = begun;
    }

    void add(long bytes) {
        to(done + bytes);
    }

    void to(long bytes) {
        done = bytes;
        long now = nanos.getAsLong();
        if (!context.json() && now - shownAt >= (bar ? BAR_NANOS : LINE_NANOS)) {
            shownAt = now;
            show(now);
        }
    }

    private void show(long now) {
        String text = text(now);
        if (bar) {
            int columns = context.terminal().columns();
            // One less: some terminals begin a new line when the last column is written.
            context.terminal().err().print("\r" + Width.cut(text, (columns > 0 ? columns : 80) - 1) + "\033[K");
            context.terminal().err().flush();
        } else {
            context.note(text);
        }
        shown = true;
    }

    /** "photo.jpg  [=====>    ]  45 %  4.5 MiB of 10.0 MiB  1.2 MiB/s  5 s left". */
    String text(long now) {
        double seconds = (now - begun) / 1e9;
        long rate = seconds <= 0 ? 0 : Math.round((done - from) / seconds);
        StringBuilder text = new StringBuilder(name).append("  ");
        if (total > 0) {
            int percent = (int) (Math.min(done, total) * 100.0 / total);
            if (bar) {
                int full = percent * BAR / 100;
                text.append('[').repeat('=', full).repeat(' ', BAR - full).append("]  ");
            }
            text.append(percent)
                    .append(" %  ")
                    .append(Words.size(done))
                    .append(" of ")
                    .append(Words.size(total));
        } else {
            text.append(Words.size(done));
        }
        text.append("  ").append(Words.size(rate)).append("/s");
        if (total > done && rate > 0) {
            text.append("  ")
                    .append(Words.duration(Duration.ofSeconds((total - done) / rate)))
                    .append(" left");
        }
        return text.toString();
    }

    /** Takes the bar away: what comes of it is said elsewhere. */
    @Override
    public void close() {
        if (bar && shown) {
            context.terminal().err().print("\r\033[K");
            context.terminal().err().flush();
        }
    }
}
