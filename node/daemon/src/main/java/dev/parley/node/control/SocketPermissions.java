package dev.parley.node.control;

import dev.parley.node.config.ParleyConfig;
import io.quarkus.vertx.http.DomainSocketServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Narrows the socket once the HTTP server has made it: to its owner (0600), or to a group as well (0660) where one is set. Until
 * then its directory (0700, or 0750) alone keeps others out, and the guard whoever comes through that.
 */
@ApplicationScoped
class SocketPermissions {
    private static final Logger LOG = Logger.getLogger(SocketPermissions.class);

    private final Path socket;
    private final Optional<Long> group;

    SocketPermissions(ParleyConfig config) {
        socket = config.admin().socket().toAbsolutePath();
        group = config.admin().group();
    }

    void narrow(@ObservesAsync DomainSocketServerStart start) throws IOException {
        try {
            if (group.isPresent()) {
                // The group first: its mode would be for the group that the socket has now.
                Files.setAttribute(socket, "unix:gid", (int) (long) group.get());
            }
            Files.setPosixFilePermissions(
                    socket, PosixFilePermissions.fromString(group.isPresent() ? "rw-rw----" : "rw-------"));
        } catch (IOException e) {
            LOG.errorf("the mode of the admin socket could not be set, its directory keeps others out: %s", e);
            throw e;
        }
    }
}
