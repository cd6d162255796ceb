package dev.parley.client.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary directory for nodes, readable by its owner alone. */
public final class Workspace {
    /** Linux takes 107 bytes for the path of a socket, macOS 103; below the directory come some 30. */
    private static final int LONGEST_DIRECTORY = 70;

    private static final int SUFFIX = 20;

    private Workspace() {}

    /** Makes a directory whose path is short enough for admin sockets below it. @param prefix of its name */
    public static Path create(String prefix) throws IOException {
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        boolean fits = usual.toString().length() + prefix.length() + SUFFIX <= LONGEST_DIRECTORY;
        return Files.createTempDirectory(fits ? usual : Path.of("/tmp"), prefix, mine)
                .toRealPath();
    }

    /** Deletes a directory and all below it; nothing to do where it is gone. */
    public static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = new ArrayList<>(files.toList());
            deepestFirst.sort(Comparator.reverseOrder());
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }

    /** Loopback ports that are free now; held together, so that they differ. */
    public static int[] freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            int[] ports = new int[count];
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
                ports[i] = held.get(i).getLocalPort();
            }
            return ports;
        } finally {
            for (ServerSocket each : held) {
                each.close();
            }
        }
    }
}
