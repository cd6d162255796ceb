package dev.parley.client.command;

import dev.parley.client.text.Plain;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Ids of messages and transfers as users name them: any part of one, of four characters or more, that no other has.
 * Those of about the same time begin alike (they are UUIDv7), so that lists show their ends.
 */
final class Ids {
    private static final String WHOLE = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final int SHORTEST = 4;

    /** The end of an id that is shown, at least. */
    private static final int BRIEF = 8;

    private Ids() {}

    /** All that the part could be of; asked for only when it is a part. */
    @FunctionalInterface
    interface Known {
        List<UUID> get() throws IOException;
    }

    /** @param what "message" or "transfer" */
    static String resolve(String what, String text, Known known) throws IOException {
        // Lists show an ellipsis before the end of an id, which may have been copied too.
        String part = text.strip().replaceFirst("^…", "").toLowerCase(Locale.ROOT);
        if (part.matches(WHOLE)) {
            return part;
        }
        if (part.length() < SHORTEST || !part.matches("[0-9a-f-]+")) {
            throw Failure.usage(
                    "'" + Plain.line(text) + "' is no part of the id of a " + what,
                    "give " + SHORTEST + " characters of it or more");
        }
        List<String> ids = known.get().stream().map(UUID::toString).toList();
        List<String> fits = ids.stream().filter(id -> id.endsWith(part)).toList();
        if (fits.size() != 1) {
            fits = ids.stream().filter(id -> id.contains(part)).toList();
        }
        if (fits.size() != 1) {
            throw new Failure(
                    ExitCode.NOT_FOUND,
                    fits.isEmpty() ? what + "-not-found" : what + "-ambiguous",
                    fits.isEmpty()
                            ? "no " + what + " that is listed has " + part + " in its id"
                            : fits.size() + " " + what + "s have " + part + " in their id",
                    "the lists show ids; `--json` shows them whole");
        }
        return fits.getFirst();
    }

    /** So many of the last characters that each is another one's alone. */
    static int brief(Collection<UUID> ids) {
        List<UUID> all = ids.stream().distinct().toList();
        int length = BRIEF;
        while (length < 36 && ends(all, length) < all.size()) {
            length++;
        }
        return length;
    }

    /** The last characters of an id. */
    static String end(UUID id, int length) {
        return id.toString().substring(36 - length);
    }

    private static long ends(List<UUID> ids, int length) {
        return ids.stream().map(id -> end(id, length)).distinct().count();
    }
}
