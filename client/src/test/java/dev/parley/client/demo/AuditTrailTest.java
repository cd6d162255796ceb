package dev.parley.client.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTrailTest {
    private static final String STARTED =
            "{\"time\":\"2026-01-02T03:04:05.678901Z\",\"seq\":1,\"level\":\"INFO\",\"event\":\"NODE_STARTED\",\"pid\":7}\n";
    private static final String SENT =
            "{\"time\":\"2026-01-02T03:04:06.000000Z\",\"seq\":2,\"level\":\"INFO\",\"event\":\"MESSAGE_SENT\",\"message\":\"m1\",\"n\":3,"
                    + "\"ciphertext\":\"EAAAAaqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq\"}\n";

    @TempDir
    Path directory;

    @Test
    void findsAnEventByAField() throws IOException {
        AuditTrail trail = read(STARTED + SENT);
        assertThat(trail.find("MESSAGE_SENT", "message", "m1")).isPresent();
        assertThat(trail.find("MESSAGE_SENT", "n", 3)).isPresent();
        assertThat(trail.find("MESSAGE_SENT", "message", "m2")).isEmpty();
        assertThat(trail.find("MESSAGE_RECEIVED", "message", "m1")).isEmpty();
        assertThat(AuditTrail.ciphertext(trail.lines().get(1))).startsWith(0x10, 0, 0, 1, 0xaa);
    }

    @Test
    void leavesOutALineThatIsStillBeingWritten() throws IOException {
        assertThat(read(STARTED + "{\"time\":\"2026-").lines()).hasSize(1);
        assertThat(read("{\"time\":\"2026-").lines()).isEmpty();
    }

    @Test
    void knowsWhereTheLastStartBegins() throws IOException {
        AuditTrail trail = read(STARTED + SENT + STARTED + SENT + SENT);
        assertThat(trail.linesBeforeLastStart()).isEqualTo(2);
        assertThat(trail.after(2).lines()).hasSize(3);
        assertThat(trail.after(99).lines()).isEmpty();
    }

    @Test
    void showsALineShort() throws IOException {
        AuditTrail trail = read(STARTED + SENT);
        assertThat(AuditTrail.show(trail.lines().getFirst())).isEqualTo("03:04:05.678  NODE_STARTED         pid=7");
        assertThat(AuditTrail.show(trail.lines().getLast()))
                .isEqualTo("03:04:06.000  MESSAGE_SENT         message=m1 n=3 ciphertext=EAAAAaqq…");
    }

    private AuditTrail read(String text) throws IOException {
        return AuditTrail.read(Files.writeString(directory.resolve("net.log"), text));
    }
}
