package dev.parley.client.command;

import dev.parley.client.text.Plain;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import picocli.CommandLine.TypeConversionException;

/** A point in time as users say it: how long ago (2h, 90d), a day, or an instant of ISO 8601. */
final class Moment {
    private Moment() {}

    static Instant of(String option, String text, Instant now, ZoneId zone) {
        try {
            return now.minus(new DurationConverter().convert(text));
        } catch (TypeConversionException notAgo) {
            // Then it is a day or an instant.
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw Failure.usage(
                    option + " takes a time: '" + Plain.line(text) + "' is none",
                    "how long ago (30m, 2h, 7d), a day (2026-01-31), or an instant (2026-01-31T12:00:00Z)");
        }
    }
}
