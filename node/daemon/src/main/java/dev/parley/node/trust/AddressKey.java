package dev.parley.node.trust;

import dev.parley.node.config.ConfigCheck;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * What quotas count by: a whole IPv4 address, or the /64 of an IPv6 address, since one host usually owns all of that.
 *
 * @param text the address, or the prefix followed by {@code /64}
 */
public record AddressKey(String text) {

    private static final int PREFIX_BYTES = 8;
    private static final String PREFIX = "/64";
    private static final String NEITHER = "must be an IPv4 address, an IPv6 address or the /64 of one";

    /** The key of {@code ip:port} or {@code [ip]:port}. */
    public static AddressKey ofRemote(String remote) {
        String host = remote.substring(0, remote.lastIndexOf(':'));
        return of(InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
    }

    /**
     * The key that an address, or a key's own text, stands for.
     *
     * @throws IllegalArgumentException if it is neither, as one line
     */
    public static AddressKey parse(String text) {
        String address = text.endsWith(PREFIX) ? text.substring(0, text.length() - PREFIX.length()) : text;
        boolean six = address.indexOf(':') >= 0;
        if (!six && (!ConfigCheck.isIpv4(address) || !address.equals(text))) {
            throw new IllegalArgumentException(NEITHER);
        }
        try {
            return of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(NEITHER, e);
        }
    }

    public static AddressKey of(InetAddress address) {
        if (address instanceof Inet6Address six) {
            byte[] prefix = Arrays.copyOf(six.getAddress(), PREFIX_BYTES);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < PREFIX_BYTES; i += 2) {
                text.append(Integer.toHexString((prefix[i] & 0xff) << 8 | prefix[i + 1] & 0xff))
                        .append(':');
            }
            return new AddressKey(text.append(":/64").toString());
        }
        return new AddressKey(address.getHostAddress());
    }
}
