package dev.parley.lab;

import dev.parley.lab.attack.Foes;
import dev.parley.lab.attack.path.OnPath;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All attacks, in the order of their numbers. */
public final class Catalogue {
    private Catalogue() {}

    public static List<Attack> all() {
        return Stream.of(OnPath.all(), Foes.all()).flatMap(List::stream).toList();
    }

    public static Optional<Attack> find(String name) {
        return all().stream().filter(each -> each.dossier().name().equals(name)).findFirst();
    }
}
