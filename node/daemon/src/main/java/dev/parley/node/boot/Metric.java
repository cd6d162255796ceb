package dev.parley.node.boot;

import java.util.List;

/**
 * Every metric of the node, as it is scraped: METRICS.md is generated from here, and a test compares both with a live scrape. No
 * label ever names a peer, an address or a message: how many there are of those is for others to decide.
 */
enum Metric {
    NODE_INFO(
            Section.NODE,
            "parley_node_info",
            Type.GAUGE,
            "",
            "Always 1; the labels say what runs: version, Java, the provider of cryptography in use, and the trust mode.",
            "version",
            "java",
            "provider",
            "trust"),
    CERTIFICATE_EXPIRES(
            Section.NODE,
            "parley_certificate_expires_seconds",
            Type.GAUGE,
            "seconds",
            "Time until the node's own certificate expires; negative after that, not a number where it has none."),
    CERTIFICATE_LIFETIME(
            Section.NODE,
            "parley_certificate_lifetime_seconds",
            Type.GAUGE,
            "seconds",
            "From when the node's own certificate is valid until it expires; not a number where it has none."),
    EVENT_LOOP_LAG(
            Section.NODE,
            "parley_event_loop_lag_seconds",
            Type.HISTOGRAM,
            "seconds",
            "How long a task waits until an event loop that has connections runs it; each is asked once a second."),
    DIRECT_MEMORY(
            Section.NODE,
            "parley_direct_memory_bytes",
            Type.GAUGE,
            "bytes",
            "Memory outside of the heap that buffers hold, those of the network among them."),

    SESSIONS(
            Section.SESSIONS,
            "parley_sessions",
            Type.GAUGE,
            "sessions",
            "Live sessions, by state (unconfirmed: the operator has yet to accept the peer) and cipher suite.",
            "state",
            "suite"),
    SESSIONS_OPENED(
            Section.SESSIONS,
            "parley_sessions_opened_total",
            Type.COUNTER,
            "sessions",
            "Sessions that came up. Role initiator: this node dialed.",
            "role"),
    SESSIONS_ENDED(
            Section.SESSIONS,
            "parley_sessions_ended_total",
            Type.COUNTER,
            "sessions",
            "Sessions that ended, by whom (us, peer, network, operator) and why: the codes of PSP/1 section 4 in words.",
            "by",
            "reason"),
    SESSIONS_REFUSED(
            Section.SESSIONS,
            "parley_sessions_refused_total",
            Type.COUNTER,
            "sessions",
            "Peers that proved a key and were not let in, here or there.",
            "reason"),
    RATCHETS(
            Section.SESSIONS,
            "parley_ratchets_total",
            Type.COUNTER,
            "ratchets",
            "How often a session has moved to fresh keys."),
    DIALS(Section.SESSIONS, "parley_dials_total", Type.COUNTER, "dials", "Dials that this node began."),
    DIALS_FAILED(
            Section.SESSIONS, "parley_dials_failed_total", Type.COUNTER, "dials", "Dials that came to no session."),
    RECONNECTS(
            Section.SESSIONS,
            "parley_reconnects_total",
            Type.COUNTER,
            "dials",
            "Dials that this node began by itself, for connections that the operator wants kept."),
    PEERS(Section.SESSIONS, "parley_peers", Type.GAUGE, "peers", "Known peers by state.", "state"),

    HANDSHAKES_OPEN(
            Section.HANDSHAKES, "parley_handshakes_open", Type.GAUGE, "handshakes", "Inbound handshakes under way."),
    HANDSHAKES(
            Section.HANDSHAKES,
            "parley_handshakes_total",
            Type.COUNTER,
            "handshakes",
            "Handshakes that ended: completed (both sides proved), failed here, rejected by the other side. Those that net.log sums up are counted once it does.",
            "role",
            "outcome"),
    HANDSHAKE_FAILURES(
            Section.HANDSHAKES,
            "parley_handshake_failures_total",
            Type.COUNTER,
            "handshakes",
            "Handshakes that failed or were rejected, by the code in words; those that net.log has summed up are without.",
            "reason"),
    HANDSHAKE_SECONDS(
            Section.HANDSHAKES,
            "parley_handshake_seconds",
            Type.HISTOGRAM,
            "seconds",
            "From the connection to the proof of both keys.",
            "role"),
    REFUSED(
            Section.HANDSHAKES,
            "parley_connections_refused_total",
            Type.COUNTER,
            "connections",
            "Inbound connections that a limit has ended, by limit.",
            "reason"),
    HELD_BACK(
            Section.HANDSHAKES,
            "parley_addresses_held_back",
            Type.GAUGE,
            "addresses",
            "Addresses whose strangers have cost too much."),
    UNWRAPS_WAITING(
            Section.HANDSHAKES,
            "parley_unwraps_waiting",
            Type.GAUGE,
            "tasks",
            "RSA unwraps for strangers that wait for a thread."),
    CONNECTION_BYTES(
            Section.HANDSHAKES,
            "parley_connection_bytes_total",
            Type.COUNTER,
            "bytes",
            "Bytes of all connections with peers, handshakes too.",
            "direction"),

    MESSAGES(
            Section.MESSAGES,
            "parley_messages_total",
            Type.COUNTER,
            "messages",
            "Messages and what became of them. Ours: queued (once for each peer), sent (each time), delivered, refused, expired, cancelled. Those that came: received, of these duplicate (known already) and turned-away (no room).",
            "state"),
    MESSAGE_BYTES(
            Section.MESSAGES,
            "parley_message_bytes_total",
            Type.COUNTER,
            "bytes",
            "Bytes of contents of messages that were sent and received.",
            "direction"),
    DELIVERIES(
            Section.MESSAGES,
            "parley_deliveries",
            Type.GAUGE,
            "deliveries",
            "What the store has of messages of ours, by state; one for each message and peer. Those that ended go after a while.",
            "state"),
    OUTBOX_MESSAGES(
            Section.MESSAGES,
            "parley_outbox_messages",
            Type.GAUGE,
            "messages",
            "What waits to be delivered; one for each message and peer."),
    OUTBOX_BYTES(
            Section.MESSAGES, "parley_outbox_bytes", Type.GAUGE, "bytes", "Contents of what waits to be delivered."),
    OUTBOX_AGE(
            Section.MESSAGES,
            "parley_outbox_oldest_age_seconds",
            Type.GAUGE,
            "seconds",
            "How long the oldest message waits already to be delivered; 0 if none does. Looked at every five seconds."),
    UNREAD(
            Section.MESSAGES,
            "parley_inbox_unread_messages",
            Type.GAUGE,
            "messages",
            "Messages that came and the operator has not read."),
    ACKNOWLEDGEMENT(
            Section.MESSAGES,
            "parley_acknowledgement_seconds",
            Type.HISTOGRAM,
            "seconds",
            "From when a message was handed to a session until its peer acknowledged it, which it does when it is on its disk."),
    DELIVERY(
            Section.MESSAGES,
            "parley_delivery_seconds",
            Type.HISTOGRAM,
            "seconds",
            "From when a message was taken until it was delivered, the absence of its peer included."),

    TRANSFERS(
            Section.FILES,
            "parley_transfers",
            Type.GAUGE,
            "transfers",
            "Transfers of files that have not ended.",
            "direction",
            "state"),
    TRANSFERS_ENDED(
            Section.FILES,
            "parley_transfers_ended_total",
            Type.COUNTER,
            "transfers",
            "Transfers of files that ended: completed, or not (declined, cancelled, failed).",
            "direction",
            "outcome"),
    TRANSFERRED(
            Section.FILES,
            "parley_transferred_bytes_total",
            Type.COUNTER,
            "bytes",
            "Bytes of files that arrived whole.",
            "direction"),
    SPOOL_BYTES(
            Section.FILES, "parley_spool_bytes", Type.GAUGE, "bytes", "What the contents of files take on the disk."),

    STORE_BYTES(
            Section.STORE,
            "parley_store_bytes",
            Type.GAUGE,
            "bytes",
            "Size of store.db, its write-ahead log included."),
    STORE_FREE(
            Section.STORE,
            "parley_store_free_bytes",
            Type.GAUGE,
            "bytes",
            "Room that is left on the disk of the data directory."),
    STORE_WRITABLE(
            Section.STORE,
            "parley_store_writable",
            Type.GAUGE,
            "",
            "1 while the store takes messages, 0 while it is full or cannot be written."),
    STORE_WAITING(
            Section.STORE, "parley_store_waiting", Type.GAUGE, "tasks", "Work that waits for the store's writer."),
    STORE_COMMIT(
            Section.STORE,
            "parley_store_commit_seconds",
            Type.HISTOGRAM,
            "seconds",
            "How long each commit took, the wait for the disk included."),

    EVENTS(
            Section.AUDIT,
            "parley_events_total",
            Type.COUNTER,
            "events",
            "Lines of net.log since the start, by event and level (AUDIT.md).",
            "event",
            "level"),
    LEFT_OUT(
            Section.AUDIT,
            "parley_events_left_out_total",
            Type.COUNTER,
            "events",
            "Events of strangers that net.log summed up instead of telling them.",
            "event"),
    LOST(
            Section.AUDIT,
            "parley_events_lost_total",
            Type.COUNTER,
            "events",
            "Events that never came into net.log because it could not be written."),
    STREAM_DROPPED(
            Section.AUDIT,
            "parley_event_streams_dropped_total",
            Type.COUNTER,
            "streams",
            "Readers of the event stream that were too slow and were dropped."),
    AUDIT_LINES(
            Section.AUDIT,
            "parley_audit_lines_total",
            Type.COUNTER,
            "lines",
            "Number of the last line of net.log: it counts on over restarts."),
    AUDIT_WRITABLE(Section.AUDIT, "parley_audit_writable", Type.GAUGE, "", "1 while net.log can be written, else 0."),
    AUDIT_SEALED(
            Section.AUDIT,
            "parley_audit_sealed_timestamp_seconds",
            Type.GAUGE,
            "seconds",
            "When the last checkpoint was written, in seconds since 1970; 0 until the first of this start."),
    AUDIT_VERIFIED(
            Section.AUDIT,
            "parley_audit_verified_timestamp_seconds",
            Type.GAUGE,
            "seconds",
            "When the node last verified its own log, in seconds since 1970; 0 until the first time of this start."),
    AUDIT_VERIFY_EVERY(
            Section.AUDIT,
            "parley_audit_verify_every_seconds",
            Type.GAUGE,
            "seconds",
            "How often the node verifies its own log: the setting parley.audit.verify-every."),
    AUDIT_INTACT(
            Section.AUDIT,
            "parley_audit_chain_intact",
            Type.GAUGE,
            "",
            "0 if the log did not go on where it was sealed last when the node started, or did not hold when it was last verified; else 1."),

    BRIDGE_CONNECTED(
            Section.BRIDGE,
            "parley_bridge_connected",
            Type.GAUGE,
            "",
            "1 while the bridge has a connection and its streams, else 0."),
    BRIDGE_LAG(
            Section.BRIDGE,
            "parley_bridge_lag",
            Type.GAUGE,
            "messages",
            "Messages that came and are not published yet. Looked at every five seconds."),
    BRIDGE_PUBLISHED(
            Section.BRIDGE,
            "parley_bridge_published_total",
            Type.COUNTER,
            "messages",
            "Messages that came and JetStream has acknowledged."),
    BRIDGE_TAKEN(
            Section.BRIDGE,
            "parley_bridge_taken_total",
            Type.COUNTER,
            "messages",
            "Messages of the broker that were taken into the outbox."),
    BRIDGE_REJECTED(
            Section.BRIDGE,
            "parley_bridge_rejected_total",
            Type.COUNTER,
            "messages",
            "Messages of the broker that cannot be sent."),

    ADMIN(
            Section.ADMIN,
            "parley_admin_requests_total",
            Type.COUNTER,
            "requests",
            "Requests on the admin socket: done, refused (the caller's mistake, or not allowed), failed (the node's).",
            "outcome");

    /** A part of METRICS.md, and a row of the dashboard. */
    enum Section {
        NODE("Node"),
        SESSIONS("Sessions"),
        HANDSHAKES("Handshakes and strangers"),
        MESSAGES("Messages"),
        FILES("Files"),
        STORE("Store"),
        AUDIT("Audit log"),
        /** There only where the bridge is on. */
        BRIDGE("Bridge"),
        ADMIN("Admin socket");

        final String title;

        Section(String title) {
            this.title = title;
        }
    }

    /** As Prometheus has them. */
    enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM
    }

    final Section section;
    /** As it is scraped; of a histogram without {@code _bucket}, {@code _sum} and {@code _count}. */
    final String scraped;

    final Type type;
    final String unit;
    final String meaning;
    final List<String> labels;

    Metric(Section section, String scraped, Type type, String unit, String meaning, String... labels) {
        this.section = section;
        this.scraped = scraped;
        this.type = type;
        this.unit = unit;
        this.meaning = meaning;
        this.labels = List.of(labels);
    }
}
