package dev.parley.node.audit;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Makes the line of an event: one JSON object with {@code time} (UTC, microseconds), {@code seq}, {@code prev} (the hash of the line
 * before), {@code level}, {@code event} and then the event's own fields. The line is in {@link #bytes} until the next one is made.
 */
final class LineFormer {
    private static final byte[] TIME = ascii("{\"time\":");
    private static final byte[] SEQ = ascii(",\"seq\":");
    private static final byte[] PREV = ascii(",\"prev\":\"");
    private static final Base64.Encoder HASH = Base64.getUrlEncoder().withoutPadding();

    /** What is the same in all events of a type. */
    private record Shape(byte[] head, List<Field> fields) {
        static Shape of(Class<? extends AuditEvent> type) {
            var level = type.getAnnotation(Audited.class).level();
            return new Shape(
                    ascii("\",\"level\":\"" + level + "\",\"event\":\"" + AuditEvent.EventName.of(type) + '"'),
                    Arrays.stream(type.getRecordComponents()).map(Field::of).toList());
        }
    }

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return Shape.of(type.asSubclass(AuditEvent.class));
        }
    };

    private final JsonLine line = new JsonLine();
    private final byte[] prevText = new byte[43];

    /**
     * A field of the line: its name there, and how to read it from the event.
     *
     * @param key the name as JSON, between the field before and the value
     * @param number whether the handle returns a long, else an Object
     */
    record Field(String name, Class<?> type, byte[] key, boolean number, MethodHandle accessor) {
        static Field of(RecordComponent component) {
            var name = component.getName();
            if (component.getType() == Claim.class) {
                name = "claimed" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
            }
            boolean number = component.getType() == int.class || component.getType() == long.class;
            try {
                var accessor = MethodHandles.lookup()
                        .unreflect(component.getAccessor())
                        .asType(MethodType.methodType(number ? long.class : Object.class, AuditEvent.class));
                return new Field(name, component.getType(), ascii(",\"" + name + "\":"), number, accessor);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(component.toString(), e);
            }
        }
    }

    /** The fields of a type of event, in the order of the line. */
    static List<Field> fields(Class<? extends AuditEvent> type) {
        return SHAPES.get(type).fields();
    }

    /** Makes the line, without a line end. @param prev hash of the line before */
    void form(long seq, Instant time, byte[] prev, AuditEvent event) {
        line.clear();
        line.raw(TIME);
        line.time(time);
        line.raw(SEQ);
        line.number(seq);
        line.raw(PREV);
        HASH.encode(prev, prevText);
        line.raw(prevText);
        var shape = SHAPES.get(event.getClass());
        line.raw(shape.head());
        for (Field field : shape.fields()) {
            write(field, event);
        }
        line.raw('}');
    }

    /** The line; good until the next is made, {@link #length} bytes of it. */
    byte[] bytes() {
        return line.bytes();
    }

    int length() {
        return line.length();
    }

    /** The line as text. */
    String text() {
        return new String(line.bytes(), 0, line.length(), StandardCharsets.UTF_8);
    }

    private void write(Field field, AuditEvent event) {
        try {
            if (field.number()) {
                line.raw(field.key());
                line.number((long) field.accessor().invokeExact(event));
                return;
            }
            Object value = (Object) field.accessor().invokeExact(event);
            if (value != null) {
                line.raw(field.key());
                value(value);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(field.name(), e);
        }
    }

    private void value(Object value) {
        switch (value) {
            case String text -> line.text(text);
            case byte[] bytes -> line.base64(bytes);
            case Integer number -> line.number(number);
            case Long number -> line.number(number);
            case Boolean truth -> line.raw(truth ? TRUE : FALSE);
            case Instant instant -> line.time(instant);
            case Duration duration -> line.number(duration.toMillis());
            case Claim claim -> line.text(claim.text());
            case List<?> list -> {
                line.raw('[');
                for (int i = 0; i < list.size(); i++) {
                    if (i > 0) {
                        line.raw(',');
                    }
                    line.text(list.get(i).toString());
                }
                line.raw(']');
            }
            default -> line.text(value.toString());
        }
    }

    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
