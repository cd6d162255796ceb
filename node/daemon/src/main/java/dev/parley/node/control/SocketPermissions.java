package dev.parley.node.control;

import dev.parley.node.config.ParleyConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.DomainSocketServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Makes the socket's directory (0700) before the HTTP server binds, and narrows the socket to its owner (0600) after. In
 * between the directory alone keeps others out.
 */
@ApplicationScoped
class SocketPermissions {
    private final Path socket;

    SocketPermissions(ParleyConfig config) {
        socket = config.admin().socket().toAbsolutePath();
    }

    void makeDirectory(@Observes @Priority(10) StartupEvent start) throws IOException {
        Path directory = socket.getParent();
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    void narrow(@ObservesAsync DomainSocketServerStart start) throws IOException {
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    }
}
