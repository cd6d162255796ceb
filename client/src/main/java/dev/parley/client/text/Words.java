package dev.parley.client.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values as people say them. */
public final class Words {
    private Words() {}

    /** {@code AWAITING_APPROVAL} is "awaiting approval". */
    public static String of(Enum<?> value) {
        return value == null ? "-" : value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** "3 s", "5 m", "2 h 10 m", "4 d 3 h". */
    public static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " m";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " m";
        }
        return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
    }

    /** "3 s ago", or a dash for null. */
    public static String ago(Instant then, Instant now) {
        return then == null ? "-" : duration(Duration.between(then, now)) + " ago";
    }

    /** "in 3 s", or a dash for null. */
    public static String in(Instant then, Instant now) {
        return then == null ? "-" : "in " + duration(Duration.between(now, then));
    }

    /** "512 B", "1.5 KiB", "3.0 MiB". */
    public static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes / 1024.0;
        int unit = 0;
        while (value >= 1024 && unit < 3) {
            value /= 1024;
            unit++;
        }
        // Not String.format: a command pays milliseconds for its first use.
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10 + " " + "KMGT".charAt(unit) + "iB";
    }

    /** Time of day, "12:00:59". */
    public static String clock(Instant at, ZoneId zone) {
        return at == null ? "-" : CLOCK.format(at.atZone(zone));
    }

    /** Day and time of day to the millisecond, "2026-01-31 12:00:59.123". */
    public static String time(Instant at, ZoneId zone) {
        return at == null ? "-" : Precise.TIME.format(at.atZone(zone));
    }

    /** "2026-01-31". */
    public static String day(Instant at, ZoneId zone) {
        return at.atZone(zone).toLocalDate().toString();
    }

    /** Made only when it is used: a pattern costs milliseconds. */
    private static final class Precise {
        static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    }

    /** A display name made harmless; a node need not have one. */
    public static String orUnnamed(String name) {
        return name == null || name.isBlank() ? "(unnamed)" : Plain.line(name);
    }

    /** "1 peer", "2 peers". */
    public static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
}
