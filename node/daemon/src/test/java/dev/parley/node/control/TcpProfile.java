package dev.parley.node.control;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;

/** The admin API over TCP, its audit captured, in a data directory of its own. */
public class TcpProfile implements QuarkusTestProfile {
    /** More than the window of a session. */
    static final int OUTBOX_MESSAGES_PER_PEER = 1_500;

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            return Map.of(
                    "parley.data-dir",
                    Files.createTempDirectory("parley-api").toString(),
                    "parley.admin.stream-buffer",
                    "16",
                    "parley.name",
                    "carol",
                    "parley.advertise",
                    "carol.example:3001",
                    "parley.handshake.deadline",
                    "2s",
                    "parley.store.outbox.messages-per-peer",
                    Integer.toString(OUTBOX_MESSAGES_PER_PEER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(CapturedAudit.class);
    }
}
