package dev.parley.lab;

import dev.parley.lab.attack.Foes;
import dev.parley.lab.attack.path.OnPath;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All attacks, in the order of their numbers. Variants of one attack share its number; names are unique. */
public final class Catalogue {
    private Catalogue() {}

    public static List<Attack> all() {
        return Stream.of(OnPath.all(), Foes.all())
                .flatMap(List::stream)
                .sorted(Comparator.comparingInt(each -> each.dossier().number()))
                .toList();
    }

    public static Optional<Attack> find(String name) {
        return all().stream().filter(each -> each.dossier().name().equals(name)).findFirst();
    }
}
