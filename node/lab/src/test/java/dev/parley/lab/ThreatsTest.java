package dev.parley.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** THREATS.md and the attacks name each other truly. */
class ThreatsTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([a-z]+(?:-[a-z]+)+) \\|");
    private static final Pattern NAMED = Pattern.compile("attacks? ((?:`[a-z-]+`(?:, )?)+)");
    private static final Pattern QUOTED = Pattern.compile("`([a-z-]+)`");

    private static String text() throws IOException {
        return Files.readString(Path.of("../THREATS.md"));
    }

    @Test
    void eachAttackHasItsRow() throws IOException {
        List<String> rows =
                ROW.matcher(text()).results().map(each -> each.group(1)).toList();
        assertThat(Catalogue.all())
                .allSatisfy(each -> assertThat(rows).contains(each.dossier().threat()));
    }

    @Test
    void eachAttackThatIsNamedThereExists() throws IOException {
        List<String> named = NAMED.matcher(text())
                .results()
                .flatMap(each -> QUOTED.matcher(each.group(1)).results())
                .map(each -> each.group(1))
                .toList();
        assertThat(named)
                .hasSizeGreaterThan(20)
                .allSatisfy(each -> assertThat(Catalogue.find(each)).as(each).isPresent());
    }
}
