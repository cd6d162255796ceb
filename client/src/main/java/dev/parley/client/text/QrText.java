package dev.parley.client.text;

import io.nayuki.qrcodegen.QrCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A QR code as lines of a terminal, two rows of modules a line. Colours are set for every cell, dark on light with its quiet zone, so
 * that it reads the same whatever the terminal's own are.
 */
public final class QrText {
    private static final int QUIET = 4;
    private static final String DARK_ON_LIGHT = "\u001b[38;5;16;48;5;231m";
    private static final String PLAIN = "\u001b[0m";

    private QrText() {}

    /** Empty where it does not fit into this many columns. */
    public static Optional<List<String>> of(String text, int columns) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
        int width = code.size + 2 * QUIET;
        if (width > columns) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        for (int y = -QUIET; y < code.size + QUIET; y += 2) {
            StringBuilder line = new StringBuilder(DARK_ON_LIGHT);
            for (int x = -QUIET; x < code.size + QUIET; x++) {
                line.append(cell(code.getModule(x, y), y + 1 < code.size + QUIET && code.getModule(x, y + 1)));
            }
            lines.add(line.append(PLAIN).toString());
        }
        return Optional.of(lines);
    }

    private static char cell(boolean upper, boolean lower) {
        if (upper) {
            return lower ? '█' : '▀';
        }
        return lower ? '▄' : ' ';
    }
}
