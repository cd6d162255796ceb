package dev.parley.node.control;

import dev.parley.admin.ErrorCode;
import dev.parley.node.net.HostPort;
import dev.parley.protocol.crypto.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Reads what a request says; what does not fit ends it with a problem that names the field or parameter. */
final class Parameters {
    private Parameters() {}

    static int number(String name, String value, int min, int max) {
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // Said below, together with the range.
        }
        throw invalid(name, "a whole number from " + min + " to " + max);
    }

    static boolean flag(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(name, "true or false");
        };
    }

    static Duration duration(String name, String value, Duration max) {
        try {
            var duration = Duration.parse(value);
            if (!duration.isNegative() && duration.compareTo(max) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException ignored) {
            // Said below, together with the range.
        }
        throw invalid(name, "an ISO 8601 duration up to " + max + ", for example PT5S");
    }

    static Instant instant(String name, String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException ignored) {
            throw invalid(name, "an instant, for example 2026-01-31T12:00:00Z");
        }
    }

    /** A place in the history. */
    static long cursor(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException ignored) {
            throw invalid(name, "a cursor that came with a message");
        }
    }

    static <E extends Enum<E>> E choice(String name, String value, Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> each.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> invalid(
                        name,
                        Arrays.stream(type.getEnumConstants())
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ", "one of ", ""))));
    }

    /** Empty for what is not a UUID: nothing has such an id. */
    static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    static PeerId peerId(String name, String text) {
        try {
            return PeerId.parse(text);
        } catch (IllegalArgumentException invalid) {
            throw new ApiException(ErrorCode.INVALID_VALUE, name + ": " + invalid.getMessage());
        }
    }

    static HostPort address(String name, String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException invalid) {
            throw new ApiException(ErrorCode.INVALID_VALUE, name + ": " + invalid.getMessage());
        }
    }

    /** The body, which must be there. */
    static <T> T body(T body) {
        if (body == null) {
            throw new ApiException(ErrorCode.MALFORMED_REQUEST, "the request has no body", "send a JSON object");
        }
        return body;
    }

    /** The value of a field, which must be there. */
    static <T> T present(String name, T value) {
        if (value == null) {
            throw new ApiException(ErrorCode.INVALID_VALUE, name + " is missing");
        }
        return value;
    }

    static ApiException invalid(String name, String wanted) {
        return new ApiException(ErrorCode.INVALID_VALUE, name + " must be " + wanted);
    }
}
