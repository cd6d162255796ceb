package dev.parley.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCheckTest {
    @Test
    void theDefaultsAreRight() {
        assertThat(ConfigCheck.problems(config(Map.of()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parley.listen.port|65536",
                "parley.listen.host|example.org",
                "parley.listen.host|1.2.3",
                "parley.handshake.deadline|500ms",
                "parley.session.max-plaintext|9M",
                "parley.ratchet.records|16777217",
                "parley.identity.bits|1024",
                "parley.suites|A256GCM,A256GCM",
                "parley.suites|AES",
                "parley.advertise|nowhere",
                "parley.session.dead-after|10s",
                "parley.reconnect.max|500ms",
                "parley.shutdown.grace|9s",
                "parley.shutdown.back|6m",
                "parley.discovery.dns|10.0.0.1",
                "parley.discovery.dns|peers..test",
                "parley.discovery.dns|peers.test:0",
                "parley.discovery.dns|peers.test:3001:1",
                "parley.discovery.dns|a b",
                "parley.discovery.every|0s",
                "parley.discovery.servers|dns.example.org",
                "parley.discovery.servers|10.0.0.1:0",
                "parley.discovery.servers|fd00::1]:53",
                "parley.discovery.servers|10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4",
                "parley.bridge.prefix|a.*",
                "parley.bridge.prefix|a..b",
                "parley.bridge.url|nats://nats.example.org:4222",
                "parley.bridge.url|nats://10.0.0.1:4222",
                "parley.bridge.url|nats://user:secret@127.0.0.1:4222",
                "parley.bridge.url|tls://token@nats.example.org:4222",
                "parley.bridge.url|http://127.0.0.1:4222",
                "parley.bridge.url|127.0.0.1",
                "parley.trace.endpoint|http://otel.example.org:4318/v1/traces",
                "parley.trace.endpoint|http://user:secret@127.0.0.1:4318/v1/traces",
                "parley.trace.endpoint|grpc://127.0.0.1:4317",
                "parley.trace.endpoint|127.0.0.1:4318",
                "parley.trace.endpoint|http://127.0.0.1:4318/v1/traces?token=secret",
                "parley.trace.sample-ratio|1.01",
                "parley.trace.sample-ratio|-0.1",
                "parley.trace.sample-ratio|NaN",
            })
    void oneWrongValueIsOneLineThatNamesItsKey(String key, String value) {
        assertThat(ConfigCheck.problems(config(Map.of(key, value))))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem).startsWith(key + " must ").doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parley.discovery.dns|peers",
                "parley.discovery.dns|_x.peers.example.org.:3001",
                "parley.discovery.servers|10.0.0.1,10.0.0.2:5353,[fd00::1]:53",
                "parley.discovery.servers|fd00::1",
            })
    void whatIsRightIsTaken(String key, String value) {
        assertThat(ConfigCheck.problems(config(Map.of(key, value)))).isEmpty();
    }

    @Test
    void thePartsOfAStopFitIntoItsGraceAndSecondsAreRoundedUp() {
        var plan = ShutdownPlan.of(config(Map.of("parley.shutdown.grace", "10s", "parley.shutdown.back", "1500ms")));
        assertThat(plan.grace()).hasSeconds(10);
        assertThat(plan.settle()).isPositive();
        assertThat(plan.backSeconds()).isEqualTo(2);
        assertThat(ShutdownPlan.of(config(Map.of("parley.shutdown.back", "0s"))).backSeconds())
                .isZero();
        assertThat(ShutdownPlan.leastGrace(java.time.Duration.ZERO)).hasSeconds(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nats://localhost:4222",
                "nats://127.0.0.2:4222",
                "nats://[::1]:4222",
                "tls://nats.example.org:4222",
                "tls://10.0.0.1"
            })
    void aBridgeMayLeadToThisHostOrGoOverTls(String url) {
        assertThat(ConfigCheck.problems(config(Map.of("parley.bridge.url", url))))
                .isEmpty();
    }

    @Test
    void aBridgeInTheClearToAnotherHostHasToBeWanted() {
        var settings = Map.of("parley.bridge.url", "nats://10.0.0.1:4222", "parley.bridge.insecure", "true");
        assertThat(ConfigCheck.problems(config(settings))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:4318/v1/traces",
                "http://[::1]:4318/v1/traces",
                "https://otel.example.org/v1/traces"
            })
    void spansMayGoToThisHostOrByTls(String url) {
        assertThat(ConfigCheck.problems(
                        config(Map.of("parley.trace.endpoint", url, "parley.trace.sample-ratio", "0.25"))))
                .isEmpty();
    }

    @Test
    void spansInTheClearToAnotherHostHaveToBeWanted() {
        var settings = Map.of("parley.trace.endpoint", "http://otel:4318/v1/traces", "parley.trace.insecure", "true");
        assertThat(ConfigCheck.problems(config(settings))).isEmpty();
    }

    @Test
    void aSocketPathThatTheSystemCannotHoldIsToldWithItsLimit() {
        var longest = "/" + "a".repeat(ConfigCheck.MAX_SOCKET_PATH_BYTES - 1);
        assertThat(ConfigCheck.problems(config(Map.of("parley.admin.socket", longest))))
                .isEmpty();
        assertThat(ConfigCheck.problems(config(Map.of("parley.admin.socket", longest + "a"))))
                .singleElement()
                .asString()
                .contains("at most 107 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bob", "uid:bob", "uid:", "uid:-1", "gid:4294967295", "uid:99999999999", "uid:1;gid:2", "*"})
    void whoMayUseTheSocketIsGivenByNumbers(String grant) {
        var settings = Map.of(
                "parley.admin.allow.operate", "uid:1," + grant,
                "parley.admin.group", "0",
                "parley.admin.socket", "/run/parley/s");
        assertThat(ConfigCheck.problems(config(settings)))
                .singleElement()
                .asString()
                .startsWith("parley.admin.allow.operate must be uid:NUMBER and gid:NUMBER")
                .doesNotContain("uid:1,");
    }

    @Test
    void othersNeedAGroupAndASocketThatTheyCanReach() {
        var settings = new java.util.HashMap<String, String>();
        settings.put("parley.admin.allow.read", "uid:4294967294,gid:0");
        assertThat(ConfigCheck.problems(config(settings)))
                .singleElement()
                .asString()
                .startsWith("parley.admin.group must be set");
        settings.put("parley.admin.group", "100");
        assertThat(ConfigCheck.problems(config(settings)))
                .singleElement()
                .asString()
                .startsWith("parley.admin.socket must be outside");
        settings.put("parley.admin.socket", "/run/parley/s");
        assertThat(ConfigCheck.problems(config(settings))).isEmpty();
        settings.put("parley.admin.group", "-1");
        assertThat(ConfigCheck.problems(config(settings)))
                .singleElement()
                .asString()
                .startsWith("parley.admin.group must be a group id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::", "::1", "2001:db8::1"})
    void addressesAreTaken(String host) {
        assertThat(ConfigCheck.problems(config(Map.of("parley.listen.host", host))))
                .isEmpty();
    }

    private static ParleyConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(ParleyConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(ParleyConfig.class);
    }
}
