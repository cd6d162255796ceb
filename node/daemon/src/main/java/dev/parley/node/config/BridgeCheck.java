package dev.parley.node.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/** What is wrong with where the bridge leads. */
final class BridgeCheck {
    private static final Pattern PREFIX = Pattern.compile("(?=.{1,64}$)[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    private BridgeCheck() {}

    static void add(List<String> problems, ParleyConfig.Bridge bridge) {
        if (!PREFIX.matcher(bridge.prefix()).matches()) {
            problems.add("parley.bridge.prefix must be letters, digits, _ and -, in parts separated by dots");
        }
        if (bridge.tokenFile().isPresent() && bridge.credentialsFile().isPresent()) {
            problems.add("parley.bridge.token-file must be unset where parley.bridge.credentials-file is set");
        }
        switch (kind(bridge.url())) {
            case MALFORMED ->
                problems.add("parley.bridge.url must be tls://host:port or nats://host:port, without user and password:"
                        + " parley.bridge.credentials-file and parley.bridge.token-file are for these");
            case PLAIN_ELSEWHERE -> {
                if (!bridge.insecure()) {
                    problems.add(
                            "parley.bridge.url must begin with tls:// where the server is not on this host: messages"
                                    + " would go there in the clear; parley.bridge.insecure=true permits that");
                }
            }
            case TLS, PLAIN_HERE -> {}
        }
    }

    private enum Kind {
        TLS,
        PLAIN_HERE,
        PLAIN_ELSEWHERE,
        MALFORMED
    }

    private static Kind kind(String text) {
        try {
            URI url = new URI(text);
            boolean tls = "tls".equals(url.getScheme());
            if (!tls && !"nats".equals(url.getScheme())
                    || url.getHost() == null
                    || url.getRawUserInfo() != null
                    || !url.getRawPath().isEmpty()
                    || url.getRawQuery() != null
                    || url.getRawFragment() != null) {
                return Kind.MALFORMED;
            }
            return tls ? Kind.TLS : isHere(url.getHost()) ? Kind.PLAIN_HERE : Kind.PLAIN_ELSEWHERE;
        } catch (URISyntaxException notOne) {
            return Kind.MALFORMED;
        }
    }

    /** Asks no name server: what that says may be another thing later. */
    static boolean isHere(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }
}
