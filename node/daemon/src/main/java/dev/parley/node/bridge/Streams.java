package dev.parley.node.bridge;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The two streams: what came from peers with what was rejected, and what is to be sent. */
final class Streams {
    private static final Duration ACK_WAIT = Duration.ofSeconds(30);
    private static final int MOST_UNACKNOWLEDGED = 256;
    private static final Duration DUPLICATES = Duration.ofMinutes(10);

    private final String prefix;
    private final boolean create;

    Streams(String prefix, boolean create) {
        this.prefix = prefix;
        this.create = create;
    }

    /** @throws IOException if a stream is missing and is not to be made; says how to make it */
    void check(Connection connection) throws IOException, JetStreamApiException {
        JetStreamManagement management = connection.jetStreamManagement();
        require(management, "IN", RetentionPolicy.Limits, List.of(prefix + ".in.*", prefix + ".rejected"));
        require(management, "OUT", RetentionPolicy.WorkQueue, List.of(prefix + ".out"));
    }

    JetStreamSubscription subscribe(Connection connection) throws IOException, JetStreamApiException {
        String subject = prefix + ".out";
        String durable = name("taker");
        var consumer = ConsumerConfiguration.builder()
                .durable(durable)
                .filterSubject(subject)
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(ACK_WAIT)
                .maxAckPending(MOST_UNACKNOWLEDGED)
                .build();
        return connection
                .jetStream()
                .subscribe(
                        subject,
                        PullSubscribeOptions.builder().configuration(consumer).build());
    }

    private void require(JetStreamManagement management, String what, RetentionPolicy retention, List<String> subjects)
            throws IOException, JetStreamApiException {
        boolean complete = true;
        for (String subject : subjects) {
            complete &= !management.getStreamNames(subject).isEmpty();
        }
        if (complete) {
            return;
        }
        String name = name(what);
        if (!create) {
            throw new IOException(
                    "no stream takes %s: make it with 'nats stream add %s --subjects %s --storage file --retention %s --dupe-window %s --defaults', or set parley.bridge.create-streams=true"
                            .formatted(
                                    String.join(" and ", subjects),
                                    name,
                                    String.join(",", subjects),
                                    retention == RetentionPolicy.WorkQueue ? "work" : "limits",
                                    DUPLICATES.toMinutes() + "m"));
        }
        management.addStream(StreamConfiguration.builder()
                .name(name)
                .subjects(subjects)
                .storageType(StorageType.File)
                .retentionPolicy(retention)
                .duplicateWindow(DUPLICATES)
                .build());
    }

    private String name(String what) {
        return (prefix.replace('.', '_') + "_" + what).toUpperCase(Locale.ROOT);
    }
}
