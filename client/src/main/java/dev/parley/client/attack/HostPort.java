package dev.parley.client.attack;

import dev.parley.client.command.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code 192.0.2.7:7400}, {@code [2001:db8::7]:7400} or {@code node.example:7400}. */
final class HostPort {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+)):([0-9]{1,5})");
    private static final int PORTS = 65_535;

    private HostPort() {}

    /** @throws Failure if it has another form, or the name is not known */
    static InetSocketAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 0;
        if (port < 1 || port > PORTS) {
            throw Failure.usage("'" + text + "' is not an address: expected HOST:PORT", null);
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw Failure.usage("there is no host " + host, null);
        }
    }
}
