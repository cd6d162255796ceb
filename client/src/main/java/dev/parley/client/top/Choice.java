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
 * @param detail whether all of that session is shown
 * @param help whether the keys are shown
 * @param paused whether the figures stand still
 */
record Choice(Sort sort, UUID selected, boolean detail, boolean help, boolean paused) {
    static final Choice START = new Choice(Sort.ACTIVITY, null, false, false, false);

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

    /** @param sorted the sessions as they are shown, @param page how many fit */
    Choice after(Key key, List<Rates.Row> sorted, int page) {
        return switch (key) {
            case UP -> moved(sorted, place(sorted) - 1);
            case DOWN -> moved(sorted, place(sorted) + 1);
            case PAGE_UP -> moved(sorted, place(sorted) - Math.max(1, page));
            case PAGE_DOWN -> moved(sorted, place(sorted) + Math.max(1, page));
            case HOME -> moved(sorted, 0);
            case END -> moved(sorted, sorted.size() - 1);
            case ENTER ->
                sorted.isEmpty() || help
                        ? new Choice(sort, selected, detail, false, paused)
                        : new Choice(sort, sorted.get(place(sorted)).session().sessionId(), true, false, paused);
            case BACK -> new Choice(sort, selected, false, false, paused);
            case SORT -> new Choice(sort.next(), selected, detail, help, paused);
            case PAUSE -> new Choice(sort, selected, detail, help, !paused);
            case HELP -> new Choice(sort, selected, detail, !help, paused);
            case QUIT -> this;
        };
    }

    private Choice moved(List<Rates.Row> sorted, int place) {
        if (sorted.isEmpty()) {
            return this;
        }
        int within = Math.clamp(place, 0, sorted.size() - 1);
        return new Choice(sort, sorted.get(within).session().sessionId(), detail, help, paused);
    }

    static String name(SessionInfo session) {
        return session.alias() == null ? session.peerId() : session.alias();
    }
}
