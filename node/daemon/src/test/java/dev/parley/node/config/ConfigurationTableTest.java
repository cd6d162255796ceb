package dev.parley.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.MemorySize;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfigurationTableTest {
    @Test
    void theTableIsWhatTheCodeSays() throws IOException {
        var text = new StringBuilder("""
                # What can be set

                Generated from `ParleyConfig`. A key is set by a system property (`-Dparley.listen.port=3002`), by the
                environment (`PARLEY_LISTEN_PORT=3002`), or in `config/application.properties` in the working directory;
                the first wins. `CREDENTIALS.txt` (`<ipv4> <port>`) sets `parley.listen.host` and `parley.listen.port`: below
                the environment, above that file. Durations read `500ms`, `10s`, `5m`, `24h`; sizes `65536`, `64K`, `16M`. Beside these,
                `quarkus.management.port` (default 0: any free port, told in the log and by `parley status`) is where health
                (`/q/health`) and metrics (`/q/metrics`) are served, on 127.0.0.1.

                A value out of its range, and a key that does not exist, keep the node from starting: one line, exit code 2.
                Only in the environment a name that is no key is ignored, for others set variables there too.

                | key | meaning | unit | default | range |
                | --- | --- | --- | --- | --- |
                """);
        for (var setting : Setting.all()) {
            text.append("| `%s` | %s | %s | %s | %s |%n"
                    .formatted(
                            setting.key(),
                            Tables.cell(setting.doc().value()),
                            unit(setting),
                            setting.defaultValue().isEmpty() ? "unset" : "`" + setting.defaultValue() + "`",
                            Tables.cell(setting.range())));
        }
        text.append("""

                Exit codes: 0 stopped as asked, 1 failed otherwise, 2 configuration, 3 port in use, 4 data directory or admin
                socket in use by another node, 5 the data directory or something in it is open to others, damaged or not accessible.
                """);
        Tables.check("CONFIGURATION.md", text.toString());
    }

    @Test
    void everyKeySaysWhatItMeansAndNumbersHaveARange() {
        assertThat(Setting.all()).hasSizeGreaterThan(30).allSatisfy(setting -> {
            assertThat(setting.doc().value()).as(setting.key()).isNotBlank();
            if (setting.type().isPrimitive()
                    || setting.type() == Duration.class
                    || setting.type() == MemorySize.class) {
                assertThat(setting.range()).as(setting.key()).isNotBlank();
            }
        });
    }

    private static String unit(Setting setting) {
        if (setting.type() == Duration.class) {
            return "duration";
        }
        return setting.type() == MemorySize.class ? "bytes" : setting.doc().unit();
    }
}
