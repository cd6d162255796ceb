package dev.parley.node.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose users have keys: an operator has signed its accounts, an account its users. */
@Tag("long")
@Timeout(240)
@SuppressWarnings("try") // Closing a connection may be interrupted, and the test with it.
class BridgeCredentialsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LIMITS = "\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,"
            + "\"wildcards\":true,\"conn\":-1,\"leaf\":-1";
    /** What the server itself publishes in has no streams. */
    private static final String SYSTEM = account(LIMITS);

    private static final String STREAMS =
            account(LIMITS + ",\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1");

    @TempDir
    Path home;

    @Test
    void theKeyInTheFileOpensTheDoorAndGoesNowhereElse() throws Exception {
        NatsServer.needed();
        NKey operator = NKey.createOperator(RANDOM);
        NKey system = NKey.createAccount(RANDOM);
        NKey account = NKey.createAccount(RANDOM);
        NKey user = NKey.createUser(RANDOM);
        NKey stranger = NKey.createUser(RANDOM);
        Path file = credentials("node", NKey.createAccount(RANDOM), stranger);
        try (var nats = new NatsServer(Files.createDirectory(home.resolve("nats")));
                Node bob = Node.make(home, "bob", Map.of());
                Node alice = Node.make(
                        home,
                        "alice",
                        Map.of(
                                "parley.bridge.enabled",
                                "true",
                                "parley.bridge.url",
                                nats.url(),
                                "parley.bridge.prefix",
                                "alice",
                                "parley.bridge.create-streams",
                                "true",
                                "parley.bridge.credentials-file",
                                file.toString()))) {
            alice.trust(bob);
            bob.trust(alice);
            bob.keepConnectionTo(alice, alice.port());
            nats.start("""
                    operator: %s
                    system_account: %s
                    resolver: MEMORY
                    resolver_preload: { %s: %s, %s: %s }
                    """.formatted(
                            signed(operator, operator, () -> "{\"type\":\"operator\",\"version\":2}"),
                            name(system),
                            name(system),
                            signed(operator, system, () -> SYSTEM),
                            name(account),
                            signed(operator, account, () -> STREAMS)));

            await("the node's refusal by the server")
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(nats.said()).contains("authentication error"));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(alice.process().errors()).contains("Authorization Violation"));
            assertThat(alice.process().netLog()).doesNotContain("\"BRIDGE_CONNECTED\"");
            Files.move(credentials("right", account, user), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            await().atMost(SOON).until(() -> alice.process().netLog().contains("\"BRIDGE_CONNECTED\""));

            Node.expect(202, bob.admin().post("/v1/messages", Map.of("to", "alice", "text", "hello")));
            try (Connection own = NatsServer.connect(
                    new Options.Builder().server(nats.url()).authHandler(Nats.credentials(file.toString())))) {
                await().atMost(SOON)
                        .ignoreExceptions()
                        .untilAsserted(() -> assertThat(new String(
                                        own.jetStreamManagement()
                                                .getMessage("ALICE_IN", 1)
                                                .getData(),
                                        StandardCharsets.UTF_8))
                                .isEqualTo("hello"));
            }
            for (NKey each : new NKey[] {user, stranger}) {
                assertThat(alice.process().output()
                                + alice.process().errors()
                                + alice.process().netLog())
                        .doesNotContain(new String(each.getSeed()));
            }
        }
    }

    /** As {@code nsc generate creds} writes it. */
    private Path credentials(String name, NKey account, NKey user) throws IOException, GeneralSecurityException {
        String text = """
                -----BEGIN NATS USER JWT-----
                %s
                ------END NATS USER JWT------

                -----BEGIN USER NKEY SEED-----
                %s
                ------END USER NKEY SEED------
                """;
        return Files.writeString(
                home.resolve(name + ".creds"),
                text.formatted(JwtUtils.issueUserJWT(account, name(account), name(user)), new String(user.getSeed())));
    }

    private static String account(String limits) {
        return "{\"type\":\"account\",\"version\":2,\"limits\":{" + limits + "}}";
    }

    private static String signed(NKey by, NKey whom, JsonSerializable claims)
            throws IOException, GeneralSecurityException {
        return JwtUtils.issueJWT(by, name(whom), "test", null, Instant.now().getEpochSecond(), name(by), claims);
    }

    private static String name(NKey key) throws IOException, GeneralSecurityException {
        return new String(key.getPublicKey());
    }
}
