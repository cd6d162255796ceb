package dev.parley.node.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** What is wrong with where spans go. */
final class TraceCheck {
    private TraceCheck() {}

    static void add(List<String> problems, ParleyConfig.Trace trace) {
        URI url = url(trace.endpoint());
        if (url == null) {
            problems.add("parley.trace.endpoint must be https://host:port/path or http://host:port/path, without user,"
                    + " password, query and fragment");
        } else if ("http".equals(url.getScheme()) && !BridgeCheck.isHere(url.getHost()) && !trace.insecure()) {
            problems.add("parley.trace.endpoint must begin with https:// where the collector is not on this host: who"
                    + " sends to whom would go there in the clear; parley.trace.insecure=true permits that");
        }
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            boolean known = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            return known
                            && url.getHost() != null
                            && url.getRawUserInfo() == null
                            && url.getRawQuery() == null
                            && url.getRawFragment() == null
                    ? url
                    : null;
        } catch (URISyntaxException notOne) {
            return null;
        }
    }
}
