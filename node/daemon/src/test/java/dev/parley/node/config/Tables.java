package dev.parley.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Documents that are generated from code: compared in a test, rewritten with {@code -Ddev.parley.write-tables}. */
public final class Tables {
    private Tables() {}

    /** Fails if the file, in the module's directory, is not what the code says. */
    public static void check(String name, String content) throws IOException {
        var file = Path.of(name);
        if (System.getProperty("dev.parley.write-tables") != null) {
            Files.writeString(file, content);
        }
        assertThat(file)
                .as("%s is generated: run the test once with -Ddev.parley.write-tables", name)
                .hasContent(content);
    }

    /** Text that does not end a cell of a table. */
    public static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
