package dev.parley.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of errors in README.md is that of {@link ErrorCode}. */
class ReadmeTest {
    @Test
    void listsEveryErrorAsItIs() throws Exception {
        String expected = Arrays.stream(ErrorCode.values())
                .map(code -> "| `%s` | %d | %s |\n".formatted(code.code(), code.status(), code.description()))
                .collect(Collectors.joining());
        String readme = Files.readString(Path.of("README.md"));
        String header = "| code | status | meaning |\n| --- | --- | --- |\n";
        assertThat(readme)
                .as("the end of README.md has to be:\n%s%s", header, expected)
                .endsWith(header + expected);
    }
}
