package dev.parley.client.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows in columns as wide as they need. The last column is cut when a terminal is narrower; nothing else ever is. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();

    /** @param titles of the columns, upper case */
    public Table(String... titles) {
        rows.add(titles);
    }

    /** Adds a row; null and empty cells are shown as a dash. Cells are made harmless here. */
    public Table row(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> cell == null || cell.toString().isEmpty() ? "-" : Plain.line(cell.toString()))
                .toArray(String[]::new));
        return this;
    }

    /** Rows without the titles. */
    public int size() {
        return rows.size() - 1;
    }

    /**
     * @param columns of the terminal; 0 for no limit
     */
    public List<String> lines(int columns) {
        int last = rows.getFirst().length - 1;
        int[] widths = new int[last + 1];
        for (String[] row : rows) {
            for (int i = 0; i <= last; i++) {
                widths[i] = Math.max(widths[i], Width.of(row[i]));
            }
        }
        int before = Arrays.stream(widths, 0, last).sum() + last * GAP.length();
        // Too narrow for a useful rest of the last column: let the terminal wrap.
        int room = columns - before >= 8 ? columns - before : Integer.MAX_VALUE;
        List<String> lines = new ArrayList<>(rows.size());
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < last; i++) {
                line.append(Width.pad(row[i], widths[i])).append(GAP);
            }
            lines.add(line.append(columns == 0 ? row[last] : Width.cut(row[last], room))
                    .toString());
        }
        return lines;
    }
}
