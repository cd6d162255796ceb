package dev.parley.node.boot;

import dev.parley.protocol.crypto.Crypto;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.netty.channel.epoll.Epoll;
import jakarta.json.spi.JsonProvider;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads on a second core what the start needs later, while the first is busy with Quarkus: native libraries and the largest families of
 * classes, in the order in which they are needed. Nothing depends on it: whatever fails here fails again, and is told, where it is needed.
 */
final class WarmUp {
    private WarmUp() {}

    static void begin() {
        Thread.ofPlatform().name("warm-up").daemon().start(WarmUp::run);
    }

    private static void run() {
        attempt(JsonProvider::provider);
        attempt(Epoll::isAvailable);
        attempt(WarmUp::metrics);
        attempt(Crypto::best);
        // Only where it stands unpacked, as in the image: else it is unpacked, and where to is for the store to say.
        if (System.getProperty("org.sqlite.lib.path") != null) {
            attempt(SQLiteJDBCLoader::initialize);
        }
    }

    /** The registry of Quarkus' extension, which has not gone over to its successor. */
    @SuppressWarnings("deprecation")
    private static void metrics() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Gauge.builder("g", () -> 0).tag("a", "b").register(registry);
        Timer.builder("t").serviceLevelObjectives(Buckets.SHORT).register(registry);
        registry.counter("c", "a", "b");
        registry.close();
    }

    private static void attempt(Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception | LinkageError e) {
            // See above.
            return;
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }
}
