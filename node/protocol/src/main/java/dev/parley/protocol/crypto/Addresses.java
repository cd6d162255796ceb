package dev.parley.protocol.crypto;

import dev.parley.protocol.wire.Limits;

/** The form of an advertised listen address: empty, {@code host:port}, or {@code [IPv6]:port}. */
final class Addresses {
    private static final int MAX_PORT = 65_535;
    private static final int PORT_DIGITS = 5;

    private Addresses() {}

    static boolean allowed(String address) {
        if (address.isEmpty()) {
            return true;
        }
        int colon = address.lastIndexOf(':');
        return address.length() <= Limits.SHORT_TEXT
                && colon > 0
                && host(address.substring(0, colon))
                && port(address.substring(colon + 1));
    }

    private static boolean host(String host) {
        if (host.startsWith("[")) {
            return host.length() > 2 && host.endsWith("]") && visible(host);
        }
        return host.indexOf(':') < 0 && visible(host);
    }

    private static boolean visible(String host) {
        return host.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static boolean port(String port) {
        return !port.isEmpty()
                && port.length() <= PORT_DIGITS
                && port.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(port) >= 1
                && Integer.parseInt(port) <= MAX_PORT;
    }
}
