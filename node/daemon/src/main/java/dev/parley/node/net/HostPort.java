package dev.parley.node.net;

import java.util.Locale;

/**
 * An address to dial, as the operator gave it.
 *
 * @param host a name or an IP address without brackets, 1 to 253 characters, lower case
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {

    private static final int HOST_AT_MOST = 253;

    public HostPort {
        if (host.isEmpty() || host.length() > HOST_AT_MOST || !host.matches("[A-Za-z0-9._:%-]+")) {
            throw new IllegalArgumentException(
                    "not a host name or address: expected 1 to 253 letters, digits, . - _ :");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a port: expected 1 to 65535");
        }
        host = host.toLowerCase(Locale.ROOT);
    }

    /** Reads {@code host:port} or {@code [v6]:port}. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not an address: expected host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("not a port: expected 1 to 65535", notANumber);
        }
    }

    /** {@code host:port}, the host in brackets where it is an IPv6 address. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
