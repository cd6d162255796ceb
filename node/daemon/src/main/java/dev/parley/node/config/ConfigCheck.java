package dev.parley.node.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks what types alone cannot: ranges, and keys that depend on each other. */
public final class ConfigCheck {
    /** sun_path holds 108 bytes and ends with a zero. */
    public static final int MAX_SOCKET_PATH_BYTES = 107;

    /** What {@code parley.suites} may name. */
    public static final Set<String> SUITES = Set.of("A256GCM", "A256CBC-HS512");

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern DNS_NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");
    /** The 253 of DNS less what is put before a name. */
    private static final int MAX_DNS_NAME = 253 - "_psp._tcp.".length();

    private static final int MAX_NAME_SERVERS = 3;
    private static final int MAX_NAME_BYTES = 64;
    private static final int MAX_ADVERTISE_BYTES = 255;

    private ConfigCheck() {}

    /**
     * Everything that is wrong, one line each, as {@code <key> must be ...}. Values are not repeated: one of them may be
     * a passphrase that landed under the wrong key.
     */
    public static List<String> problems(ParleyConfig config) {
        var problems = new ArrayList<String>();
        for (var setting : Setting.all()) {
            setting.problem(config).ifPresent(problem -> problems.add(setting.key() + " " + problem));
        }
        check(problems, isAddress(config.listen().host()), "parley.listen.host", "must be an IPv4 or IPv6 address");
        check(problems, suitesAreKnown(config.suites()), "parley.suites", "must name " + SUITES_IN_WORDS);
        check(
                problems,
                utf8(config.admin().socket().toString()) <= MAX_SOCKET_PATH_BYTES,
                "parley.admin.socket",
                "must be a path of at most " + MAX_SOCKET_PATH_BYTES
                        + " bytes (the system's limit): set a shorter parley.data-dir or parley.admin.socket");
        AdminCheck.add(problems, config);
        BridgeCheck.add(problems, config.bridge());
        TraceCheck.add(problems, config.trace());
        config.name()
                .ifPresent(name -> check(
                        problems,
                        utf8(name) <= MAX_NAME_BYTES && isPlain(name),
                        "parley.name",
                        "must have at most 64 bytes of UTF-8 and no control or format characters"));
        config.advertise()
                .ifPresent(address -> check(
                        problems, isHostAndPort(address), "parley.advertise", "must be host:port, at most 255 bytes"));
        var identity = config.identity();
        check(
                problems,
                identity.passphrase().isEmpty() || identity.passphraseFile().isEmpty(),
                "parley.identity.passphrase",
                "must be unset where parley.identity.passphrase-file is set");
        check(
                problems,
                config.trust().mode() != TrustMode.CA
                        || config.trust().ca().anchors().isPresent(),
                "parley.trust.ca.anchors",
                "must name the certificates of the authorities where parley.trust.mode is ca");
        check(
                problems,
                config.trust().ca().names().orElse(List.of()).stream().allMatch(NamePattern::allowed),
                "parley.trust.ca.names",
                "must be DNS names or URIs, with * and ** for what may vary, without spaces, separated by commas");
        check(
                problems,
                config.session().deadAfter().compareTo(config.session().pingAfter()) > 0,
                "parley.session.dead-after",
                "must be longer than parley.session.ping-after");
        check(
                problems,
                config.reconnect().max().compareTo(config.reconnect().min()) >= 0,
                "parley.reconnect.max",
                "must not be below parley.reconnect.min");
        config.discovery()
                .dns()
                .ifPresent(name -> check(
                        problems,
                        isName(name),
                        "parley.discovery.dns",
                        "must be a DNS name, or one with a port: peers.example.org:3001"));
        config.discovery()
                .servers()
                .ifPresent(
                        servers -> check(
                                problems,
                                servers.size() <= MAX_NAME_SERVERS
                                        && servers.stream().allMatch(ConfigCheck::isNameServer),
                                "parley.discovery.servers",
                                "must be at most " + MAX_NAME_SERVERS
                                        + " IP addresses, with a port where it is not 53: 10.0.0.2, 10.0.0.3:5353, [fd00::1]:53"));
        return List.copyOf(problems);
    }

    /** Whether {@code text} is an IPv4 address in dotted decimal, each part from 0 to 255, without leading zeros. */
    public static boolean isIpv4(String text) {
        if (!IPV4.matcher(text).matches()) {
            return false;
        }
        for (var part : text.split("\\.")) {
            if (Integer.parseInt(part) > 255 || (part.length() > 1 && part.startsWith("0"))) {
                return false;
            }
        }
        return true;
    }

    private static final String SUITES_IN_WORDS = "A256GCM, A256CBC-HS512 or both, none twice";

    private static boolean isAddress(String text) {
        if (isIpv4(text)) {
            return true;
        }
        if (!IPV6.matcher(text).matches()) {
            return false;
        }
        try {
            // Only hexadecimal digits, colons and dots got here: this parses, it never asks a name server.
            return java.net.InetAddress.ofLiteral(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isHostAndPort(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || utf8(text) > MAX_ADVERTISE_BYTES || !isPlain(text) || text.indexOf(' ') >= 0) {
            return false;
        }
        return isPort(text.substring(colon + 1));
    }

    private static boolean suitesAreKnown(List<String> suites) {
        return !suites.isEmpty() && SUITES.containsAll(suites) && new HashSet<>(suites).size() == suites.size();
    }

    private static boolean isName(String text) {
        int colon = text.indexOf(':');
        var name = colon < 0 ? text : text.substring(0, colon);
        var labels = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return labels.length() <= MAX_DNS_NAME
                && DNS_NAME.matcher(labels).matches()
                && !isIpv4(labels)
                && (colon < 0 || isPort(text.substring(colon + 1)));
    }

    private static boolean isNameServer(String text) {
        if (isAddress(text)) {
            return true;
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !isPort(text.substring(colon + 1))) {
            return false;
        }
        var host = text.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]")
                ? isAddress(host.substring(1, host.length() - 1))
                : isIpv4(host);
    }

    private static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65535;
    }

    private static boolean isPlain(String text) {
        return text.codePoints().noneMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        });
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void check(List<String> problems, boolean good, String key, String problem) {
        if (!good) {
            problems.add(key + " " + problem);
        }
    }
}
