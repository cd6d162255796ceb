package dev.parley.client.node;

import dev.parley.admin.NodeEvent;
import dev.parley.client.json.JsonException;
import dev.parley.client.json.Records;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The types of {@link NodeEvent} by their names in JSON. */
public final class Events {
    private static final Map<String, Class<? extends NodeEvent>> TYPES = types();

    private Events() {}

    /** All names, in the order of the contract. */
    public static Set<String> names() {
        return TYPES.keySet();
    }

    /** The name of an event in JSON. */
    public static String name(NodeEvent event) {
        return kebab(event.getClass());
    }

    /** Null for a type that this client does not know. */
    static NodeEvent read(Object value) {
        if (!(value instanceof Map<?, ?> fields) || !(fields.get("type") instanceof String name)) {
            throw new JsonException("an event without a type");
        }
        Class<? extends NodeEvent> type = TYPES.get(name);
        return type == null ? null : Records.read(type, value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Class<? extends NodeEvent>> types() {
        Map<String, Class<? extends NodeEvent>> types = new LinkedHashMap<>();
        for (Class<?> type : NodeEvent.class.getPermittedSubclasses()) {
            types.put(kebab(type), (Class<? extends NodeEvent>) type);
        }
        return types;
    }

    /** {@code SessionUp} is {@code session-up}; a test holds this against the contract's annotations. */
    private static String kebab(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(java.util.Locale.ROOT);
    }
}
