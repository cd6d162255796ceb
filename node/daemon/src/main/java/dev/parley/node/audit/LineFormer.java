package dev.parley.node.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the line of an event: one JSON object with {@code time} (UTC, microseconds), {@code seq}, {@code level},
 * {@code event} and then the event's own fields. This is the one place where a line comes to be, in the order of
 * {@code seq}; whatever seals or chains lines belongs here.
 */
final class LineFormer {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final JsonFactory JSON = new JsonFactory();
    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents()).map(Field::of).toList();
        }
    };

    /** A field of the line: its name there, and how to read it from the event. */
    record Field(String name, Class<?> type, Method accessor) {
        static Field of(RecordComponent component) {
            var name = component.getName();
            if (component.getType() == Claim.class) {
                name = "claimed" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
            }
            return new Field(name, component.getType(), component.getAccessor());
        }

        Object read(AuditEvent event) {
            try {
                return accessor.invoke(event);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(accessor.toString(), e);
            }
        }
    }

    /** The fields of a type of event, in the order of the line. */
    static List<Field> fields(Class<? extends AuditEvent> type) {
        return FIELDS.get(type);
    }

    /** The line, without a line end. */
    String form(long seq, Instant time, AuditEvent event) {
        var text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("time", TIME.format(time));
            json.writeNumberField("seq", seq);
            json.writeStringField("level", event.level().name());
            json.writeStringField("event", event.event());
            for (Field field : fields(event.getClass())) {
                write(json, field.name(), field.read(event));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, String name, Object value) throws IOException {
        if (value == null) {
            return;
        }
        json.writeFieldName(name);
        switch (value) {
            case byte[] bytes -> json.writeBinary(bytes);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            case Instant instant -> json.writeString(TIME.format(instant));
            case Duration duration -> json.writeNumber(duration.toMillis());
            case Claim claim -> json.writeString(claim.text());
            case List<?> list -> {
                json.writeStartArray();
                for (Object each : list) {
                    json.writeString(each.toString());
                }
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }
}
