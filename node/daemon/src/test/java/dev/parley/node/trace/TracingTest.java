package dev.parley.node.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.config.ParleyConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who decides whether a message is traced here, and where a line of the log says in which trace it is. */
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private Tracing tracing;

    @AfterEach
    void stop() {
        tracing.stop();
    }

    @Test
    void aPeerDecidesOnlyWhereTheOperatorWantsThat() {
        start("0", false);
        assertThat(isTraced(claim(1))).as("by its word alone").isFalse();
        tracing.stop();
        start("0", true);
        assertThat(isTraced(claim(1))).as("where it is followed").isTrue();
        assertThat(isTraced(claim(0))).as("it traces nothing itself").isFalse();
        assertThat(isTraced(Optional.empty())).as("it says nothing").isFalse();
        tracing.stop();
        start("1", false);
        assertThat(isTraced(claim(0))).as("the operator wants all").isTrue();
        tracing.stop();
        start("1", true);
        assertThat(isTraced(claim(0))).as("the peer is followed in that, too").isFalse();
    }

    @Test
    void whatIsTracedBelongsToTheTraceOfThePeer() {
        start("1", false);
        assertThat(tracing.inbox(claim(1)).context().orElseThrow().trace())
                .isEqualTo(claim(1).get().trace());
    }

    @Test
    void theLogSaysInWhichTraceARequestIs() {
        start("1", false);
        String within =
                tracing.request("GET /v1/x", "00-" + TRACE + "-b7ad6b7169203331-01", () -> (String) MDC.get("traceId"));
        assertThat(within).isEqualTo(TRACE);
        assertThat(MDC.get("traceId")).as("once it is over").isNull();
    }

    private boolean isTraced(Optional<TraceContext> claimed) {
        Step step = tracing.inbox(claimed);
        boolean traced = step.context().isPresent();
        step.end();
        return traced;
    }

    private static Optional<TraceContext> claim(int flags) {
        return Optional.of(new TraceContext(new UUID(1, 2), 3, flags));
    }

    /** Nothing listens where it exports to. */
    private void start(String ratio, boolean followPeers) {
        tracing = new Tracing(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(ParleyConfig.class)
                .withDefaultValue("parley.trace.enabled", "true")
                .withDefaultValue("parley.trace.endpoint", "http://127.0.0.1:1/v1/traces")
                .withDefaultValue("parley.trace.sample-ratio", ratio)
                .withDefaultValue("parley.trace.follow-peers", Boolean.toString(followPeers))
                .build()
                .getConfigMapping(ParleyConfig.class));
        tracing.start("test");
    }
}
