package dev.parley.lab.control.weak;

import dev.parley.lab.Defence;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** A process with an admin socket: closed to others and asking the kernel who calls, or open to everybody. */
public final class Hatch implements AutoCloseable {
    /** The defences that it can do without. */
    public static final Set<Defence> SWITCHES = Set.of(Defence.ADMIN_PERMISSIONS);

    /** What it tells whom it serves. */
    public static final String STATUS = "admin: all is well";

    private final boolean permissions;
    private final Path socket;
    private final ServerSocketChannel server;

    private Hatch(boolean permissions, Path socket, ServerSocketChannel server) {
        this.permissions = permissions;
        this.socket = socket;
        this.server = server;
    }

    /** @param directory that others can enter; @param without what it does without */
    public static Hatch open(Path directory, Set<Defence> without) throws IOException {
        Path socket = directory.resolve("hatch.sock");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        boolean permissions = !without.contains(Defence.ADMIN_PERMISSIONS);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(permissions ? "rw-------" : "rw-rw-rw-"));
        Hatch hatch = new Hatch(permissions, socket, server);
        Thread.ofPlatform().daemon().name("hatch").start(hatch::accept);
        return hatch;
    }

    public Path socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
    }

    private void accept() {
        while (server.isOpen()) {
            try (SocketChannel caller = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(4_096);
                caller.read(request);
                boolean serve = !permissions || isOwn(caller);
                String body = serve ? STATUS : "not you";
                caller.write(ByteBuffer.wrap(("HTTP/1.1 " + (serve ? "200 OK" : "403 Forbidden")
                                + "\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException e) {
                // Closed, or a caller that is gone: the loop's condition decides.
            }
        }
    }

    private static boolean isOwn(SocketChannel caller) throws IOException {
        UnixDomainPrincipal principal = caller.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return principal.user().getName().equals(System.getProperty("user.name"));
    }
}
