package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.node.audit.AdminEvent.AdminCommand;
import dev.parley.node.config.ParleyConfig;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes of other users at the socket: what the kernel lets through, and what the node then does. */
@QuarkusTest
@TestProfile(OtherUsersTest.Profile.class)
@Timeout(120)
class OtherUsersTest {
    private static final int KNOCKS = 64_000;
    private static final int LOOKS = 64_001;
    private static final int READER = 64_002;
    private static final int OPERATOR = 64_003;
    private static final int ADMINISTRATOR = 64_004;
    private static final int STRANGER = 64_005;

    /** What curl says where the kernel lets it get no connection. */
    private static final String NO_CONNECTION = "000";

    @Inject
    ParleyConfig config;

    @Inject
    CapturedAudit audit;

    private Path socket;

    @BeforeEach
    void asRootAlone() throws Exception {
        audit.clear();
        socket = config.admin().socket();
        await().untilAsserted(() -> assertThat(permissions(socket)).isEqualTo("rw-rw----"));
        Assumptions.assumeTrue(TcpCallerIdentity.OWN.uid() == 0, "only root can become other users");
        Assumptions.assumeTrue(
                run(List.of("sh", "-c", "command -v setpriv && command -v curl"))
                                .exit()
                        == 0,
                "setpriv and curl are not installed");
    }

    @Test
    void theModesLetTheGroupInAndNobodyElse() throws Exception {
        assertThat(permissions(socket.getParent())).isEqualTo("rwxr-x---");
        assertThat(Files.getAttribute(socket, "unix:gid")).isEqualTo(KNOCKS);
        assertThat(Files.getAttribute(socket.getParent(), "unix:gid")).isEqualTo(KNOCKS);
        assertThat(status(READER, "", "GET", "/v1/version")).isEqualTo(NO_CONNECTION);
        assertThat(audit.of(AdminCommand.class)).isEmpty();
    }

    @Test
    void whoIsLetThroughButWasGrantedNothingIsRefusedAndAudited() throws Exception {
        assertThat(status(STRANGER, KNOCKS + "", "GET", "/v1/version")).isEqualTo("403");
        assertThat(status(STRANGER, KNOCKS + "", "GET", "/v1/nothing")).isEqualTo("403");
        await().until(() -> audit.of(AdminCommand.class).size() == 2);
        assertThat(audit.of(AdminCommand.class).getFirst()).satisfies(command -> {
            assertThat(command.uid()).isEqualTo(STRANGER);
            assertThat(command.pid()).isPositive();
            assertThat(command.path()).isEqualTo("/v1/version");
            assertThat(command.granted()).isNull();
            assertThat(command.code()).isEqualTo("caller-not-allowed");
        });
    }

    @Test
    void widenedModesLetNobodyAround() throws Exception {
        Path directory = socket.getParent();
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(status(STRANGER, "", "GET", "/v1/version"))
                    .as("the socket's own mode")
                    .isEqualTo(NO_CONNECTION);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            assertThat(status(STRANGER, "", "GET", "/v1/version"))
                    .as("the node")
                    .isEqualTo("403");
            assertThat(status(STRANGER, "", "POST", "/v1/store/compact")).isEqualTo("403");
            assertThat(status(OPERATOR, "", "GET", "/v1/version")).isEqualTo("200");
        } finally {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        }
    }

    @Test
    void eachMayDoWhatItWasGrantedAndNoMore() throws Exception {
        String groups = KNOCKS + "," + LOOKS;
        for (String path : List.of("/v1/status", "/v1/peers", "/v1/limits", "/v1/openapi", "/v1/audit?lines=1")) {
            assertThat(status(READER, groups, "GET", path)).as(path).isEqualTo("200");
        }
        for (String path : List.of("/v1/history", "/v1/events", "/v1/messages", "/v1/files", "/v1/store/backup")) {
            assertThat(status(READER, groups, "GET", path)).as(path).isEqualTo("403");
        }
        assertThat(status(READER, groups, "POST", "/v1/peers/nobody/block")).isEqualTo("403");
        assertThat(status(OPERATOR, KNOCKS + "", "GET", "/v1/history")).isEqualTo("200");
        assertThat(status(OPERATOR, KNOCKS + "", "POST", "/v1/peers/nobody/block"))
                .isEqualTo("403");
        assertThat(status(OPERATOR, KNOCKS + "", "POST", "/v1/connections")).isEqualTo("403");
        assertThat(status(ADMINISTRATOR, KNOCKS + "", "POST", "/v1/peers/nobody/block"))
                .isEqualTo("404");
        await().untilAsserted(() -> assertThat(audit.of(AdminCommand.class)).anySatisfy(command -> {
            assertThat(command.uid()).isEqualTo(OPERATOR);
            assertThat(command.path()).isEqualTo("/v1/peers/{ref}/block");
            assertThat(command.needs()).isEqualTo("ADMINISTER");
            assertThat(command.granted()).isEqualTo("OPERATE");
            assertThat(command.status()).isEqualTo(403);
            assertThat(command.code()).isEqualTo("permission-denied");
        }));
    }

    @Test
    void aRefusalSaysWhatIsMissing() throws Exception {
        assertThat(curl(READER, KNOCKS + "," + LOOKS, "POST", "/v1/store/compact")
                        .out())
                .contains(
                        "\"code\":\"permission-denied\"",
                        "this needs the permission administer, and user " + READER + " has read",
                        "parley.admin.allow.administer");
        assertThat(curl(READER, KNOCKS + "," + LOOKS, "GET", "/v1/caller").out())
                .contains("\"uid\":" + READER, "\"gid\":" + READER, "\"permission\":\"READ\"");
    }

    private String status(int uid, String groups, String method, String path) throws Exception {
        String out = curl(uid, groups, method, path).out();
        return out.substring(out.length() - 3);
    }

    private Run curl(int uid, String groups, String method, String path) throws Exception {
        var command = new ArrayList<>(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid));
        command.add(groups.isEmpty() ? "--clear-groups" : "--groups=" + groups);
        command.addAll(List.of("curl", "-s", "-m", "20", "-X", method, "-w", "%{http_code}"));
        command.addAll(List.of("--unix-socket", socket.toString(), "http://node" + path));
        return run(command);
    }

    /** @param out what it wrote */
    private record Run(int exit, String out) {}

    private static Run run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), out);
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** A socket in a place that others can reach. Without root the group is one that the test's own user is in. */
    public static class Profile extends TcpProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                var settings = new HashMap<>(super.getConfigOverrides());
                Path directory = Files.createTempDirectory(Path.of("/tmp"), "parley-door");
                boolean root = TcpCallerIdentity.OWN.uid() == 0;
                settings.put("quarkus.http.host-enabled", "false");
                settings.put("quarkus.http.domain-socket-enabled", "true");
                settings.put("parley.admin.socket", directory.resolve("s").toString());
                settings.put(
                        "parley.admin.group",
                        root
                                ? "" + KNOCKS
                                : Files.getAttribute(directory, "unix:gid").toString());
                settings.put("parley.admin.allow.read", "uid:1,gid:" + LOOKS);
                settings.put("parley.admin.allow.operate", "uid:" + OPERATOR);
                settings.put("parley.admin.allow.administer", "uid:" + ADMINISTRATOR);
                return settings;
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
