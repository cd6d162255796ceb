package dev.parley.node.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A DNS name or, if it has a colon, a URI, in which {@code *} stands for any characters within a label (up to a dot) or path
 * segment (up to a slash), and {@code **} for any characters. DNS names compare without regard to case.
 */
public final class NamePattern {

    private static final Pattern SHAPE = Pattern.compile("[!-~&&[^,]]{1,255}");

    private final boolean uri;
    private final Pattern pattern;

    private NamePattern(boolean uri, Pattern pattern) {
        this.uri = uri;
        this.pattern = pattern;
    }

    /** Whether the text can be a pattern. */
    public static boolean allowed(String text) {
        return SHAPE.matcher(text).matches() && !text.contains("***");
    }

    /** @throws IllegalArgumentException if it is not {@link #allowed} */
    public static NamePattern of(String text) {
        if (!allowed(text)) {
            throw new IllegalArgumentException("not a pattern of names");
        }
        boolean uri = isUri(text);
        StringBuilder expression = new StringBuilder();
        String written = uri ? text : text.toLowerCase(Locale.ROOT);
        for (int i = 0; i < written.length(); i++) {
            if (written.charAt(i) != '*') {
                expression.append(Pattern.quote(written.substring(i, i + 1)));
            } else if (written.startsWith("**", i)) {
                // Possessive runs could not give back what comes after them; the lengths are bounded, so plain ones
                // will do.
                expression.append(".*");
                i++;
            } else {
                expression.append(uri ? "[^/]*" : "[^.]*");
            }
        }
        return new NamePattern(uri, Pattern.compile(expression.toString()));
    }

    /** Whether a name in a certificate is meant; one that is a URI is never meant by a pattern of DNS names. */
    public boolean matches(String name) {
        return isUri(name) == uri
                && pattern.matcher(uri ? name : name.toLowerCase(Locale.ROOT)).matches();
    }

    private static boolean isUri(String text) {
        return text.indexOf(':') >= 0;
    }
}
