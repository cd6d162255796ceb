package dev.parley.node.boot;

import java.security.Security;

/**
 * The caches of host names. A peer that was restarted in a container has another address at once, and one that has just been started a
 * name; Java would go on for 30 s with what it had found, and for 10 s with what it had not.
 */
final class NameCaches {

    private static final String SECONDS = "1";

    private NameCaches() {}

    /** Before the first name is looked up: Java reads these once. */
    static void keepBriefly() {
        Security.setProperty("networkaddress.cache.ttl", SECONDS);
        Security.setProperty("networkaddress.cache.negative.ttl", SECONDS);
        Security.setProperty("networkaddress.cache.stale.ttl", "0");
    }
}
