package dev.parley.node.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code /etc/resolv.conf} says: whom to ask, and what to complete a short name with. Read anew for each round of questions,
 * as a container's may change; what it does not say is as in resolv.conf(5).
 *
 * @param servers 1 to 3, the first first
 * @param search domains, without the dot at the end, at most 32
 * @param dots a name with at least so many is tried as it is before it is completed
 */
record ResolvConf(List<InetSocketAddress> servers, List<String> search, int dots) {

    static final Path SYSTEM = Path.of("/etc/resolv.conf");
    static final int PORT = 53;

    private static final int SERVERS_AT_MOST = 3;
    private static final int SEARCH_AT_MOST = 32;
    private static final int DOTS_AT_MOST = 15;
    private static final int BYTES_AT_MOST = 64 << 10;
    private static final int NAME_AT_MOST = 253;

    /** The machine's; where it cannot be read, a name server on the machine itself. */
    static ResolvConf read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(new String(in.readNBytes(BYTES_AT_MOST), StandardCharsets.ISO_8859_1));
        } catch (IOException none) {
            return parse("");
        }
    }

    /** The same search domains, other servers. */
    ResolvConf asking(List<InetSocketAddress> others) {
        return new ResolvConf(List.copyOf(others), search, dots);
    }

    static ResolvConf parse(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = new ArrayList<>();
        int dots = 1;
        for (String line : text.lines().toList()) {
            List<String> words = Arrays.asList(line.strip().split("\\s+"));
            List<String> values = words.subList(1, words.size());
            switch (words.getFirst()) {
                case "nameserver" -> values.stream().limit(1).forEach(each -> addServer(servers, each));
                // The last of them counts.
                case "search", "domain" -> {
                    search.clear();
                    values.stream()
                            .map(ResolvConf::withoutDot)
                            .filter(each -> !each.isEmpty() && each.length() <= NAME_AT_MOST)
                            .limit(SEARCH_AT_MOST)
                            .forEach(search::add);
                }
                case "options" -> {
                    for (String option : values) {
                        if (option.matches("ndots:[0-9]{1,4}")) {
                            dots = Math.min(Integer.parseInt(option.substring("ndots:".length())), DOTS_AT_MOST);
                        }
                    }
                }
                default -> {
                    // A comment, or nothing that matters here.
                }
            }
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
        }
        return new ResolvConf(List.copyOf(servers), List.copyOf(search), dots);
    }

    /** The full names that a name may stand for, in the order in which they are asked for; without the dot at the end. */
    List<String> candidates(String name) {
        if (name.endsWith(".")) {
            return List.of(withoutDot(name));
        }
        List<String> completed = search.stream()
                .map(domain -> name + "." + domain)
                .filter(each -> each.length() <= NAME_AT_MOST)
                .toList();
        List<String> all = new ArrayList<>(completed);
        all.add(name.chars().filter(each -> each == '.').count() >= dots ? 0 : completed.size(), name);
        return all;
    }

    private static void addServer(List<InetSocketAddress> servers, String text) {
        try {
            if (servers.size() < SERVERS_AT_MOST) {
                servers.add(new InetSocketAddress(InetAddress.ofLiteral(text), PORT));
            }
        } catch (IllegalArgumentException noAddress) {
            // As the system's own resolver does: passed over.
        }
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
