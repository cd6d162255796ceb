package dev.parley.client.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the system says of other processes: read from {@code /proc}, so that nothing has to be tried out. */
public final class SystemTables {
    private static final String LISTENING = "0A";
    /** Hexadecimal digits of an address. */
    private static final int IPV4 = 8;
    /** How an IPv4 address that an IPv6 socket listens on begins. */
    private static final String MAPPED = "0000000000000000FFFF0000";

    private final Path proc;

    /** @param proc {@code /proc} */
    public SystemTables(Path proc) {
        this.proc = proc;
    }

    /** Who listens on a port. */
    sealed interface Listener {
        record None() implements Listener {}

        /** @param text "process 42 (java)", or as much as this user may know */
        record By(String text) implements Listener {}

        /** The system has no such tables. */
        record NotKnown() implements Listener {}
    }

    /** @param host where the node would listen: somebody on another address of this machine is not in its way */
    Listener listener(String host, int port) {
        List<String> inodes = new ArrayList<>();
        boolean read = false;
        for (String table : List.of("tcp", "tcp6")) {
            try {
                for (String line : Files.readAllLines(proc.resolve("net").resolve(table), StandardCharsets.US_ASCII)) {
                    String[] words = line.strip().split("\\s+");
                    boolean listens = words.length > 9
                            && words[3].equals(LISTENING)
                            && port(words[1]) == port
                            && overlaps(host, words[1]);
                    if (listens) {
                        inodes.add(words[9]);
                    }
                }
                read = true;
            } catch (IOException e) {
                // A system without this table, or without that of IPv6.
                continue;
            }
        }
        if (inodes.isEmpty()) {
            return read ? new Listener.None() : new Listener.NotKnown();
        }
        return new Listener.By(owner(inodes).map(this::process).orElse("a process of another user"));
    }

    /** @param address of the table: hexadecimal in the order of the machine, taken to be a little-endian one */
    private static boolean overlaps(String host, String address) {
        String hex = address.substring(0, address.lastIndexOf(':'));
        boolean everywhere = hex.matches("0+") || host.equals("0.0.0.0") || host.contains(":");
        if (everywhere || hex.length() < IPV4) {
            return true;
        }
        if (hex.length() > IPV4 && !hex.startsWith(MAPPED)) {
            return false;
        }
        String last = hex.substring(hex.length() - IPV4);
        StringBuilder dotted = new StringBuilder();
        for (int i = IPV4 - 2; i >= 0; i -= 2) {
            dotted.append(dotted.isEmpty() ? "" : ".").append(Integer.parseInt(last.substring(i, i + 2), 16));
        }
        return host.contentEquals(dotted);
    }

    private static int port(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 || !address.substring(colon + 1).matches("[0-9A-F]{4}")
                ? -1
                : Integer.parseInt(address.substring(colon + 1), 16);
    }

    private Optional<String> owner(List<String> inodes) {
        List<String> wanted =
                inodes.stream().map(each -> "socket:[" + each + "]").toList();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), wanted)) {
                    return Optional.of(process.getFileName().toString());
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path descriptors, List<String> wanted) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path each : all) {
                if (Files.isSymbolicLink(each)
                        && wanted.contains(Files.readSymbolicLink(each).toString())) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            // Another user's, or it has just ended.
            return false;
        }
        return false;
    }

    /** Who holds the lock of a file: no lock is tried, which could get in the way of a node that starts. */
    Optional<String> lockHolder(Path file) {
        try {
            String inode = Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)
                    .toString();
            for (String line : Files.readAllLines(proc.resolve("locks"), StandardCharsets.US_ASCII)) {
                String[] words = line.strip().split("\\s+");
                if (words.length > 5 && words[5].endsWith(":" + inode)) {
                    return Optional.of(
                            words[4].equals("0") || words[4].equals("-1")
                                    ? "a process that is not seen from here"
                                    : process(words[4]));
                }
            }
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private String process(String pid) {
        try {
            String name = Files.readString(proc.resolve(pid).resolve("comm")).strip();
            return "process " + pid + " (" + name + ")";
        } catch (IOException e) {
            return "process " + pid;
        }
    }
}
