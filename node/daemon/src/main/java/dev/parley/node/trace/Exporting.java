package dev.parley.node.trace;

import dev.parley.node.config.ParleyConfig;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.MDC;

/** The OpenTelemetry SDK, and the exporter that brings spans to a collector. The one class that knows of them. */
final class Exporting implements AutoCloseable {

    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration EXPORT_EVERY = Duration.ofSeconds(1);
    private static final long LAST_EXPORT_MILLIS = 2_000;
    /** Spans that may wait; what comes beyond is dropped, so that a collector that is away costs a bounded amount of memory. */
    private static final int QUEUE = 8_192;

    private static final int ATTRIBUTES = 16;
    private static final int ATTRIBUTE_CHARACTERS = 128;

    private static final HexFormat HEX = HexFormat.of();
    private static final String TRACEPARENT = "traceparent";
    private static final TextMapGetter<String> HEADER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(TRACEPARENT);
        }

        @Override
        public String get(String traceparent, String key) {
            return TRACEPARENT.equals(key) ? traceparent : null;
        }
    };

    private final double ratio;
    private final boolean followPeers;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    Exporting(ParleyConfig.Trace config, String instance) {
        ratio = config.sampleRatio();
        followPeers = config.followPeers();
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(config.endpoint())
                .setCompression("gzip")
                .setTimeout(EXPORT_TIMEOUT)
                .setConnectTimeout(EXPORT_TIMEOUT)
                .build();
        provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "parley",
                        AttributeKey.stringKey("service.instance.id"),
                        instance)))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
                .setSpanLimits(SpanLimits.builder()
                        .setMaxNumberOfAttributes(ATTRIBUTES)
                        .setMaxAttributeValueLength(ATTRIBUTE_CHARACTERS)
                        .build())
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(EXPORT_EVERY)
                        .setMaxQueueSize(QUEUE)
                        .setExporterTimeout(EXPORT_TIMEOUT)
                        .build())
                .build();
        tracer = provider.get("dev.parley.node");
    }

    <T> T request(String name, String traceparent, Supplier<T> work) {
        Context parent = traceparent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, HEADER);
        Span span = tracer.spanBuilder(name)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        Scope scope = span.makeCurrent();
        try {
            MDC.put("traceId", span.getSpanContext().getTraceId());
            return work.get();
        } catch (RuntimeException refused) {
            // Its text may say what the request held; its kind does not.
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", refused.getClass().getSimpleName());
            throw refused;
        } finally {
            MDC.remove("traceId");
            scope.close();
            span.end();
        }
    }

    Step outbox() {
        return step(builder("outbox", SpanKind.PRODUCER).setParent(Context.current()), "create");
    }

    Step session(TraceContext stored) {
        // What was sampled when it was taken, maybe by an earlier run of the node, stays so.
        return step(builder("session", SpanKind.CLIENT).setParent(under(stored, stored.isSampled())), "send");
    }

    /** A peer's word says to which trace a span belongs, and only where the operator wants that, whether there is one. */
    Step inbox(Optional<TraceContext> claimed) {
        SpanBuilder builder = builder("inbox", SpanKind.CONSUMER);
        if (claimed.isEmpty()) {
            return step(builder.setNoParent(), "receive");
        }
        boolean sampled = followPeers
                ? claimed.get().isSampled()
                : ThreadLocalRandom.current().nextDouble() < ratio;
        return step(builder.setParent(under(claimed.get(), sampled)), "receive");
    }

    @Override
    public void close() {
        provider.shutdown().join(LAST_EXPORT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private SpanBuilder builder(String name, SpanKind kind) {
        return tracer.spanBuilder(name).setSpanKind(kind);
    }

    private static Step step(SpanBuilder builder, String operation) {
        Span span = builder.startSpan();
        if (!span.isRecording()) {
            return Step.NONE;
        }
        span.setAttribute("messaging.system", "parley");
        span.setAttribute("messaging.operation.type", operation);
        return new Traced(span);
    }

    private static Context under(TraceContext parent, boolean sampled) {
        SpanContext remote = SpanContext.createFromRemoteParent(
                HEX.toHexDigits(parent.trace().getMostSignificantBits())
                        + HEX.toHexDigits(parent.trace().getLeastSignificantBits()),
                HEX.toHexDigits(parent.span()),
                sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault());
        return Context.root().with(Span.wrap(remote));
    }

    private record Traced(Span span) implements Step {
        @Override
        public Optional<TraceContext> context() {
            SpanContext context = span.getSpanContext();
            String trace = context.getTraceId();
            return Optional.of(new TraceContext(
                    new UUID(HexFormat.fromHexDigitsToLong(trace, 0, 16), HexFormat.fromHexDigitsToLong(trace, 16, 32)),
                    HexFormat.fromHexDigitsToLong(context.getSpanId()),
                    Byte.toUnsignedInt(context.getTraceFlags().asByte())));
        }

        @Override
        public Step put(String name, Object value) {
            span.setAttribute(name, value.toString());
            return this;
        }

        @Override
        public Step put(String name, long value) {
            span.setAttribute(name, value);
            return this;
        }

        @Override
        public Step failed() {
            span.setStatus(StatusCode.ERROR);
            return this;
        }

        @Override
        public void end() {
            span.end();
        }
    }
}
