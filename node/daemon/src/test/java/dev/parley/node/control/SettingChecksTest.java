package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.admin.Finding;
import dev.parley.admin.FindingLevel;
import dev.parley.node.config.ParleyConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingChecksTest {
    private static ParleyConfig config(Map<String, String> settings) {
        var builder = new SmallRyeConfigBuilder().withMapping(ParleyConfig.class);
        settings.forEach(builder::withDefaultValue);
        return builder.addDefaultInterceptors()
                .addDiscoveredConverters()
                .build()
                .getConfigMapping(ParleyConfig.class);
    }

    @Test
    void theDefaultsAreNoRisk() {
        assertThat(SettingChecks.of(config(Map.of()), 3072))
                .singleElement()
                .extracting(Finding::level)
                .isEqualTo(FindingLevel.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "parley.audit.on-failure, continue",
        "parley.trust.mode, first-use",
        "parley.files.accept, trusted",
        "parley.store.reserve, 0"
    })
    void eachRiskIsNamedByItsSetting(String key, String value) {
        assertThat(SettingChecks.of(config(Map.of(key, value)), 3072))
                .singleElement()
                .satisfies(risk -> {
                    assertThat(risk.level()).isEqualTo(FindingLevel.WARNING);
                    assertThat(risk.subject()).isEqualTo(key);
                    assertThat(risk.advice()).isNotBlank();
                });
    }

    @Test
    void everybodyOnEveryAddress() {
        var open = config(Map.of("parley.trust.mode", "first-use", "parley.listen.host", "0.0.0.0"));
        assertThat(SettingChecks.of(open, 2048))
                .extracting(Finding::text)
                .anyMatch(each -> each.contains("whoever reaches"));
        assertThat(SettingChecks.of(open, 2048)).hasSize(2);
    }
}
