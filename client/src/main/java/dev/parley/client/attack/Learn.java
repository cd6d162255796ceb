package dev.parley.client.attack;

import dev.parley.client.attack.report.Plainly;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Width;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Shows both views side by side as it happens: the attacker on the left, the defender on the right. */
final class Learn implements Journal {
    private static final int NARROWEST = 80;
    private static final int USUAL = 132;
    private static final String BETWEEN = " │ ";

    private final Consumer<String> out;
    private final Style style;
    private final int half;

    /** @param columns of the terminal, 0 where it is none */
    Learn(Consumer<String> out, Style style, int columns) {
        this.out = out;
        this.style = style;
        int all = columns == 0 ? USUAL : Math.max(NARROWEST, columns);
        this.half = (all - BETWEEN.length()) / 2;
    }

    synchronized void begin(Dossier dossier) {
        out.accept("");
        out.accept(style.bold(dossier.number() + ". " + dossier.title()));
        out.accept("The attacker is " + dossier.position().title() + ": " + dossier.has());
        int number = 1;
        for (String step : dossier.steps()) {
            out.accept("  " + number++ + ". " + step);
        }
        out.accept(style.dim(Width.pad("ATTACKER", half) + BETWEEN + "DEFENDER"));
    }

    @Override
    public synchronized void tell(Side side, String text) {
        for (String line : wrapped(Plain.line(text))) {
            out.accept(side == Side.ATTACKER ? Width.pad(line, half) + BETWEEN : " ".repeat(half) + BETWEEN + line);
        }
    }

    synchronized void end(Result result) {
        Dossier dossier = result.dossier();
        out.accept(style.bold(result.verdict().toString()) + ": " + Plain.line(result.reason()));
        var decisive = dossier.defences().getFirst();
        out.accept("What stops it: " + Plainly.words(decisive) + ", " + decisive.means() + ".");
        out.accept(dossier.why());
    }

    private List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            String piece = Width.of(word) > half ? Width.cut(word, half) : word;
            if (!line.isEmpty() && Width.of(line.toString()) + 1 + Width.of(piece) > half) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(piece);
        }
        lines.add(line.toString());
        return lines;
    }
}
