package dev.parley.node.boot;

import dev.parley.node.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** What the management port answers to whoever keeps the node running. */
final class NodeHealth {
    private NodeHealth() {}

    /** Has it come up? */
    @Startup
    @ApplicationScoped
    static class Started implements HealthCheck {
        private final NodeLifecycle lifecycle;

        Started(NodeLifecycle lifecycle) {
            this.lifecycle = lifecycle;
        }

        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.named("started")
                    .status(lifecycle.isStarted())
                    .build();
        }
    }

    /** Can it work? A full disk is no reason to restart it, but one not to count on it. */
    @Readiness
    @ApplicationScoped
    static class Ready implements HealthCheck {
        private final NodeLifecycle lifecycle;
        private final NodeHome home;
        private final Store store;

        Ready(NodeLifecycle lifecycle, NodeHome home, Store store) {
            this.lifecycle = lifecycle;
            this.home = home;
            this.store = store;
        }

        @Override
        public HealthCheckResponse call() {
            boolean writable = home.netLog().isWritable();
            boolean room = lifecycle.isUp() && store.hasRoom();
            return HealthCheckResponse.named("ready")
                    .status(lifecycle.isUp() && writable && room)
                    .withData("listening", lifecycle.isUp())
                    .withData("audit", writable)
                    .withData("store", room)
                    .build();
        }
    }

    /** Does it answer at all? That this is called is the answer. */
    @Liveness
    @ApplicationScoped
    static class Alive implements HealthCheck {
        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.up("alive");
        }
    }
}
