package dev.parley.node.boot;

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

        Ready(NodeLifecycle lifecycle, NodeHome home) {
            this.lifecycle = lifecycle;
            this.home = home;
        }

        @Override
        public HealthCheckResponse call() {
            boolean writable = home.netLog().isWritable();
            return HealthCheckResponse.named("ready")
                    .status(lifecycle.isUp() && writable)
                    .withData("listening", lifecycle.isUp())
                    .withData("audit", writable)
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
