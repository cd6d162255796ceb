package dev.parley.node.control;

import dev.parley.evidence.Finding;
import dev.parley.evidence.LogFile;
import dev.parley.evidence.LogVerifier;
import dev.parley.evidence.Report;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.LogEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.protocol.crypto.PeerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Verifies the node's own net.log from time to time, on a thread of its own, so that whoever watches the node learns of a log that
 * somebody has changed without having to ask. It shows what {@code parley audit verify} would; it does not replace a verification
 * elsewhere, for whoever has taken the node over has this too.
 */
@ApplicationScoped
public class LogCheck {
    private static final Duration FIRST = Duration.ofMinutes(10);
    private static final Logger LOG = Logger.getLogger(LogCheck.class);

    private final AuditLog audit;
    private final Path file;
    private final Duration every;
    private ScheduledExecutorService thread;
    private volatile boolean stopping;
    private volatile Optional<Outcome> last = Optional.empty();

    LogCheck(AuditLog audit, ParleyConfig config) {
        this.audit = audit;
        this.file = config.dataDir().resolve("net.log");
        this.every = config.audit().verifyEvery();
    }

    /**
     * @param at when the verification ended
     * @param holds whether everything held
     * @param lines that did
     * @param broken the first thing that did not, one line; empty where all held
     */
    public record Outcome(Instant at, boolean holds, long lines, String broken) {}

    /** @param own whose log it has to be */
    public void start(PeerId own) {
        thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .daemon()
                .name("log-check")
                .priority(Thread.MIN_PRIORITY)
                .factory());
        long first = Math.min(FIRST.toMillis(), every.toMillis());
        thread.scheduleWithFixedDelay(() -> check(own), first, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void stop() {
        stopping = true;
        thread.shutdownNow();
    }

    /** What the last verification has shown; empty until there was one. */
    public Optional<Outcome> last() {
        return last;
    }

    /** What the operator has to know, in words. */
    List<String> warnings() {
        return last.filter(outcome -> !outcome.holds())
                .map(outcome ->
                        List.of("net.log does not hold: " + outcome.broken() + "; as verified at " + outcome.at()))
                .orElse(List.of());
    }

    private void check(PeerId own) {
        long begun = System.nanoTime();
        try (var log = WholeLog.open(file)) {
            Report report = new LogVerifier(own, List.of(), false).verify(List.of(source(log)));
            tell(report, Duration.ofNanos(System.nanoTime() - begun));
        } catch (IOException | UncheckedIOException unreadable) {
            // To end it is to interrupt it.
            LOG.logf(
                    stopping ? Logger.Level.DEBUG : Logger.Level.ERROR,
                    "net.log cannot be read to be verified: %s",
                    unreadable.getMessage());
        } catch (RuntimeException defect) {
            // Else the executor would never try again, and nobody would know.
            LOG.error("net.log could not be verified", defect);
        }
    }

    private void tell(Report report, Duration after) {
        if (report.holds()) {
            last = Optional.of(new Outcome(Instant.now(), true, report.lines(), ""));
            audit.record(new LogEvent.LogVerified(report.lines(), report.checkpoints(), report.lastSeq(), after));
            return;
        }
        Finding worst = report.broken().getFirst();
        last = Optional.of(new Outcome(Instant.now(), false, report.lines(), worst.text()));
        LOG.errorf("net.log does not hold: %s; parley audit verify has the whole of it", worst.text());
        audit.record(new LogEvent.LogNotIntact(report.broken().size(), worst.text()));
    }

    private static LogFile source(WholeLog log) {
        return new LogFile() {
            @Override
            public String name() {
                return "net.log";
            }

            @Override
            public InputStream open() throws IOException {
                return log.stream();
            }
        };
    }
}
