package dev.parley.client.json;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Plain values of {@link Json} to records and back. Fields that a record does not know are a newer node's: skipped. */
public final class Records {
    private Records() {}

    /**
     * @throws JsonException if the value has not the shape of {@code type}
     */
    public static <T> T read(Class<T> type, Object value) {
        return type.cast(convert(type, value, type.getSimpleName()));
    }

    /**
     * @throws JsonException if the value is not an array of values of the shape of {@code type}
     */
    public static <T> List<T> readList(Class<T> type, Object value) {
        if (!(value instanceof List<?> items)) {
            throw unexpected("a list of " + type.getSimpleName(), value);
        }
        return items.stream().map(item -> read(type, item)).toList();
    }

    /** The components that are not null, by name. */
    static Map<String, Object> fields(Record record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(record);
                if (value != null) {
                    fields.put(component.getName(), value);
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return fields;
    }

    private static Object convert(Type type, Object value, String where) {
        if (type instanceof ParameterizedType generic) {
            return convertGeneric(generic, value, where);
        }
        Class<?> plain = (Class<?>) type;
        if (value == null) {
            if (plain.isPrimitive()) {
                throw new JsonException("no value for " + where);
            }
            return null;
        }
        if (plain.isRecord()) {
            return record(plain, value, where);
        }
        return scalar(plain, value, where);
    }

    private static Object convertGeneric(ParameterizedType type, Object value, String where) {
        Type[] arguments = type.getActualTypeArguments();
        if (value == null) {
            return null;
        }
        if (type.getRawType() == List.class && value instanceof List<?> items) {
            List<Object> list = new ArrayList<>(items.size());
            for (Object item : items) {
                list.add(convert(arguments[0], item, where));
            }
            return list;
        }
        if (type.getRawType() == Map.class && value instanceof Map<?, ?> fields) {
            Map<Object, Object> map = new LinkedHashMap<>();
            fields.forEach((key, item) ->
                    map.put(convert(arguments[0], key, where), convert(arguments[1], item, where + "." + key)));
            return map;
        }
        throw unexpected(where, value);
    }

    private static Object record(Class<?> type, Object value, String where) {
        if (!(value instanceof Map<?, ?> fields)) {
            throw unexpected(where, value);
        }
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            types[i] = components[i].getType();
            arguments[i] = convert(components[i].getGenericType(), fields.get(name), where + "." + name);
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new JsonException("a value that " + where + " does not allow");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object scalar(Class<?> type, Object value, String where) {
        try {
            if (type == String.class && value instanceof String) {
                return value;
            }
            if ((type == long.class || type == Long.class) && value instanceof Long) {
                return value;
            }
            if ((type == int.class || type == Integer.class) && value instanceof Long number) {
                return Math.toIntExact(number);
            }
            if ((type == boolean.class || type == Boolean.class) && value instanceof Boolean) {
                return value;
            }
            if (value instanceof String text) {
                if (type == Instant.class) {
                    return Instant.parse(text);
                }
                if (type == UUID.class) {
                    return UUID.fromString(text);
                }
                if (type.isEnum()) {
                    return constant(type, text);
                }
            }
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw unexpected(where, value);
        }
        throw unexpected(where, value);
    }

    private static Object constant(Class<?> type, String name) {
        for (Object each : type.getEnumConstants()) {
            if (((Enum<?>) each).name().equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static JsonException unexpected(String where, Object value) {
        String got = value == null ? "nothing" : "a " + value.getClass().getSimpleName();
        return new JsonException("an unexpected value of " + where + ": " + got);
    }
}
