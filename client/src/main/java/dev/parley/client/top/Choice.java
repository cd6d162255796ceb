package dev.parley.client.top;

import dev.parley.admin.SessionInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What the person has chosen to see.
 *
 * @param sort what is at the top
 * @param selected the session that the bar is on; null for the first
 * @param view what is below the head
 * @param from how many of the addresses that are held back are above the first one shown
 * @param help whether the keys are shown
 * @param paused whether the figures stand still
 */
record Choice(Sort sort, UUID selected, View view, int from, boolean help, boolean paused) {
    static final Choice START = new Choice(Sort.ACTIVITY, null, View.SESSIONS, 0, false, false);

    /** What can be below the head. */
    enum View {
        SESSIONS,
        /** All of the selected session. */
        SESSION,
        /** Which limits have refused connections, and which addresses are held back. */
        LIMITS
    }

    /** Orders of the sessions; each falls back on the name, so that equal ones do not jump about. */
    enum Sort {
        /** The most bytes a second first. */
        ACTIVITY(Comparator.comparingDouble((Rates.Row row) -> -row.flow().bytes())),
        MESSAGES(Comparator.comparingDouble((Rates.Row row) -> -row.flow().messages())),
        NAME(Comparator.comparing(row -> 0)),
        /** The oldest first. */
        AGE(Comparator.comparing((Rates.Row row) -> row.session().upSince()));

        private final Comparator<Rates.Row> order;

        Sort(Comparator<Rates.Row> order) {
            this.order = order.thenComparing(row -> Choice.name(row.session()))
                    .thenComparing(row -> row.session().sessionId());
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        Sort next() {
            return values()[(ordinal() + 1) % values().length];
        }
    }

    /** Keys that mean something. */
    enum Key {
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        ENTER,
        BACK,
        SORT,
        LIMITS,
        PAUSE,
        HELP,
        QUIT
    }

    List<Rates.Row> sorted(Rates rates) {
        return rates.sessions().stream().sorted(sort.order).toList();
    }

    /** Where the bar is among the sorted; 0 where its session is gone. */
    int place(List<Rates.Row> sorted) {
        for (int i = 0; i < sorted.size(); i++) {
            if (sorted.get(i).session().sessionId().equals(selected)) {
                return i;
            }
        }
        return 0;
    }

    Choice sortedBy(Sort order) {
        return new Choice(order, selected, view, from, help, paused);
    }

    /** @param rates what is shown, @param page how many rows of it fit */
    Choice after(Key key, Rates rates, int page) {
        int most = Math.max(1, page);
        return switch (key) {
            case UP -> moved(rates, -1, page);
            case DOWN -> moved(rates, 1, page);
            case PAGE_UP -> moved(rates, -most, page);
            case PAGE_DOWN -> moved(rates, most, page);
            // Farther than there is anything, and no farther than an int.
            case HOME -> moved(rates, -(1 << 30), page);
            case END -> moved(rates, 1 << 30, page);
            case ENTER -> entered(sorted(rates));
            case BACK -> new Choice(sort, selected, View.SESSIONS, 0, false, paused);
            case SORT -> sortedBy(sort.next());
            case LIMITS ->
                new Choice(sort, selected, view == View.LIMITS ? View.SESSIONS : View.LIMITS, 0, false, paused);
            case PAUSE -> new Choice(sort, selected, view, from, help, !paused);
            case HELP -> new Choice(sort, selected, view, from, !help, paused);
            case QUIT -> this;
        };
    }

    private Choice entered(List<Rates.Row> sorted) {
        return sorted.isEmpty() || help || view == View.LIMITS
                ? new Choice(sort, selected, view, from, false, paused)
                : new Choice(sort, sorted.get(place(sorted)).session().sessionId(), View.SESSION, 0, false, paused);
    }

    private Choice moved(Rates rates, int by, int page) {
        if (view == View.LIMITS) {
            int last = Math.max(0, rates.heldBack().size() - page);
            return new Choice(sort, selected, view, Math.clamp(from + (long) by, 0, last), help, paused);
        }
        List<Rates.Row> sorted = sorted(rates);
        if (sorted.isEmpty()) {
            return this;
        }
        int within = Math.clamp(place(sorted) + (long) by, 0, sorted.size() - 1);
        return new Choice(sort, sorted.get(within).session().sessionId(), view, from, help, paused);
    }

    static String name(SessionInfo session) {
        return session.alias() == null ? session.peerId() : session.alias();
    }
}
