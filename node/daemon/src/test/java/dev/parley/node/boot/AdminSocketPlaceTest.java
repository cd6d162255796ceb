package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.node.config.ParleyConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class AdminSocketPlaceTest {
    @TempDir
    Path home;

    private Path socket;

    @BeforeEach
    void place() {
        socket = home.resolve("admin/s");
    }

    @Test
    void makesADirectoryForTheOwnerAlone() throws Exception {
        try (var _ = take()) {
            assertThat(permissions(socket.getParent())).isEqualTo("rwx------");
            assertThat(permissions(home.resolve("admin/s.lock"))).isEqualTo("rw-------");
        }
    }

    @Test
    void whatADeadNodeHasLeftIsRemoved() throws Exception {
        take().close();
        try (var _ = listen()) {
            assertThat(socket).exists();
        }
        assertThat(Files.exists(socket, LinkOption.NOFOLLOW_LINKS))
                .as("closing does not remove it")
                .isTrue();
        take().close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void whereSomebodyListensItRefuses() throws Exception {
        take().close();
        try (var _ = listen()) {
            assertRefused(ExitCode.DIRECTORY_IN_USE, "in use by another node", socket.toString());
            assertThat(socket).exists();
            // A queue that is full must neither hold the start up nor pass for death.
            List<SocketChannel> queue = new ArrayList<>();
            try {
                boolean room = true;
                while (room) {
                    SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
                    queue.add(client);
                    client.configureBlocking(false);
                    room = enters(client);
                }
                assertRefused(ExitCode.DIRECTORY_IN_USE, "in use by another node");
            } finally {
                for (SocketChannel each : queue) {
                    each.close();
                }
            }
        }
    }

    @Test
    void twoCannotTakeItAtOnce() {
        try (var _ = take()) {
            assertRefused(ExitCode.DIRECTORY_IN_USE, "in use by another node");
        }
        take().close();
    }

    @Test
    void whatIsNoSocketIsLeftAlone() throws Exception {
        take().close();
        Files.writeString(socket, "precious");
        assertRefused(ExitCode.STATE, "not a socket", "move it away");
        assertThat(socket).hasContent("precious");
        Files.delete(socket);
        Files.createDirectory(socket);
        assertRefused(ExitCode.STATE, "not a socket");
        Files.delete(socket);
        Path target = Files.writeString(home.resolve("target"), "precious");
        Files.createSymbolicLink(socket, target);
        assertRefused(ExitCode.STATE, "not a socket");
        assertThat(target).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-x---", "rwx--x--x", "rwxrwxrwx"})
    void aDirectoryThatIsOpenToOthersIsRefused(String mode) throws Exception {
        take().close();
        Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString(mode));
        assertRefused(ExitCode.STATE, "open to other users", "chmod 700");
    }

    @Test
    void aGroupMayPassThroughTheDirectoryAndNobodyElse() throws Exception {
        String group = Files.getAttribute(home, "unix:gid").toString();
        take("parley.admin.group", group).close();
        assertThat(permissions(socket.getParent())).isEqualTo("rwxr-x---");
        assertThat(Files.getAttribute(socket.getParent(), "unix:gid")).hasToString(group);
        Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwxrwx---"));
        assertThatThrownBy(() -> take("parley.admin.group", group)).hasMessageContaining("chmod 750");
    }

    private AdminSocketPlace take(String... more) {
        Map<String, String> settings = new java.util.HashMap<>(Map.of("parley.admin.socket", socket.toString()));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return AdminSocketPlace.take(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(ParleyConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(ParleyConfig.class)
                .admin());
    }

    private void assertRefused(ExitCode code, String... parts) {
        assertThatThrownBy(this::take).isInstanceOfSatisfying(StartupFailure.class, refused -> {
            assertThat(refused.exitCode()).isEqualTo(code);
            assertThat(refused.getMessage()).contains(parts);
        });
    }

    private boolean enters(SocketChannel client) throws IOException {
        try {
            return client.connect(UnixDomainSocketAddress.of(socket));
        } catch (SocketException full) {
            return false;
        }
    }

    private ServerSocketChannel listen() throws Exception {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), 3);
        return server;
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
