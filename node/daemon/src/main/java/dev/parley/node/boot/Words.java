package dev.parley.node.boot;

import dev.parley.protocol.wire.Failure;
import java.util.Locale;

/** Values of labels: few of them, lower case, with hyphens. */
final class Words {
    private Words() {}

    /** {@code AWAITING_APPROVAL} is {@code awaiting-approval}. */
    static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A code of PSP/1; whatever a peer makes up is {@code unknown}. */
    static String ofCode(int code) {
        return of(Failure.of(code));
    }

    static String direction(boolean outgoing) {
        return outgoing ? "out" : "in";
    }
}
