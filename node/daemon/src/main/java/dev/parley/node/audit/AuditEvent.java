package dev.parley.node.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Something that happened, as {@code net.log} tells it. The events are records; a record's name in upper snake case is
 * the event's name, its components are the fields of the line, in order. A component may be a String, a number, a
 * boolean, an enum, a UUID, a Path, an Instant, a Duration (written in milliseconds), a List of Strings, a byte[] (written in
 * base64; handed over, so the caller must not change it afterwards), a {@link Claim}, or null, which leaves the field
 * out. Peers are named by their PeerId as text, addresses are {@code ip:port}.
 */
public sealed interface AuditEvent
        permits NodeEvent,
                LogEvent,
                ConnectionEvent,
                HandshakeEvent,
                SessionEvent,
                PeerEvent,
                FleetEvent,
                MessageEvent,
                TransferEvent,
                StoreEvent,
                WitnessEvent,
                BridgeEvent,
                AdminEvent {

    /** Which end of a connection this node is. */
    enum Role {
        INITIATOR,
        RESPONDER
    }

    /** Who did it. */
    enum Party {
        US,
        PEER,
        /** Nobody said anything: the transport ended. */
        NETWORK,
        OPERATOR
    }

    /** The event's name, for example {@code SESSION_UP}. */
    default String event() {
        return EventName.of(getClass());
    }

    default Level level() {
        return levelOf(getClass());
    }

    /** The level of the events of this type. */
    static Level levelOf(Class<? extends AuditEvent> type) {
        return type.getAnnotation(Audited.class).level();
    }

    /** Every type of event there is. */
    static List<Class<? extends AuditEvent>> types() {
        List<Class<? extends AuditEvent>> types = new ArrayList<>();
        for (Class<?> group : AuditEvent.class.getPermittedSubclasses()) {
            for (Class<?> type : group.getPermittedSubclasses()) {
                types.add(type.asSubclass(AuditEvent.class));
            }
        }
        return types;
    }

    /** About how many bytes the event holds on to while it waits to be written. */
    default int weight() {
        return 512;
    }

    /** Names of event types. */
    final class EventName {
        private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
        private static final ClassValue<String> NAMES = new ClassValue<>() {
            @Override
            protected String computeValue(Class<?> type) {
                return HUMP.matcher(type.getSimpleName()).replaceAll("_").toUpperCase(java.util.Locale.ROOT);
            }
        };

        private EventName() {}

        /** The name of the events of this type. */
        public static String of(Class<? extends AuditEvent> type) {
            return NAMES.get(type);
        }
    }
}
