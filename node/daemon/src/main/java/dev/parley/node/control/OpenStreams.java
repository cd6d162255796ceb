package dev.parley.node.control;

import dev.parley.admin.NodeEvent;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The answers that do not end by themselves. They are told that the node stops, and given a moment to say so, while the
 * admin socket is still open: Quarkus closes it before it fires {@link ShutdownEvent}, and would then wait a minute for
 * their threads.
 */
@ApplicationScoped
class OpenStreams {
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final EventStream events;
    private final AtomicBoolean stopping = new AtomicBoolean();
    /** One party for the stop itself, one for each stream. */
    private final Phaser open = new Phaser(1);

    OpenStreams(EventStream events) {
        this.events = events;
    }

    boolean isStopping() {
        return stopping.get();
    }

    /** A stream has begun; whoever calls this calls {@link #ended} as well. */
    void begun() {
        open.register();
    }

    void ended() {
        open.arriveAndDeregister();
    }

    void stopSoon(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        end();
        try {
            open.awaitAdvanceInterruptibly(open.arrive(), LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException aReaderDoesNotRead) {
            // It loses its connection without a last line.
        }
    }

    /** Where there was no word before, as in a reload of dev mode. */
    void stop(@Observes @Priority(1) ShutdownEvent event) {
        end();
    }

    private void end() {
        if (stopping.compareAndSet(false, true)) {
            events.publish(new NodeEvent.NodeStopping(Instant.now()));
        }
    }
}
