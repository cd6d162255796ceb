package dev.parley.node.control;

import dev.parley.node.config.ParleyConfig;
import io.quarkus.vertx.http.DomainSocketServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Narrows the socket to its owner (0600) once the HTTP server has made it. Until then its directory (0700) alone keeps
 * others out.
 */
@ApplicationScoped
class SocketPermissions {
    private final Path socket;

    SocketPermissions(ParleyConfig config) {
        socket = config.admin().socket().toAbsolutePath();
    }

    void narrow(@ObservesAsync DomainSocketServerStart start) throws IOException {
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    }
}
