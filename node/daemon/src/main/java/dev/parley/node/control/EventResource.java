package dev.parley.node.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.NodeEvent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

@Path(AdminApi.BASE + "/events")
class EventResource {
    /** Time that a reader which was too slow gets to take its last line. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private static final long HEARTBEAT_MILLIS =
            Duration.ofSeconds(AdminApi.HEARTBEAT_SECONDS).toMillis();
    private static final Map<String, Class<? extends NodeEvent>> KINDS = kinds();

    private final EventStream events;
    private final OpenStreams streams;
    private final AdminAudit audit;
    private final ObjectWriter json;
    private final Vertx vertx;

    EventResource(EventStream events, OpenStreams streams, AdminAudit audit, ObjectMapper mapper, Vertx vertx) {
        this.events = events;
        this.streams = streams;
        this.audit = audit;
        this.json = mapper.writerFor(NodeEvent.class);
        this.vertx = vertx;
    }

    @GET
    @Produces(AdminApi.NDJSON)
    @RunOnVirtualThread
    @Operation(summary = "follow what happens, one JSON object a line")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = NodeEvent.class)))
    public StreamingOutput follow(@QueryParam("types") String types, RoutingContext routing) {
        EventSubscription subscription = events.subscribe(wanted(types));
        var connection = routing.request().connection();
        subscription.onOverrun(() -> {
            audit.streamDropped(routing, subscription.lost());
            vertx.setTimer(GRACE.toMillis(), ignored -> Connections.abort(connection));
        });
        Connections.closeAfter(routing);
        Connections.onClose(connection, subscription::close);
        return out -> {
            streams.begun();
            try (subscription) {
                copy(subscription, out);
            } catch (IOException gone) {
                Connections.abort(connection);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            } finally {
                streams.ended();
            }
        };
    }

    private void copy(EventSubscription from, OutputStream out) throws IOException, InterruptedException {
        write(out, new NodeEvent.Heartbeat(Instant.now()));
        while (!from.isClosed()) {
            if (from.lost() > 0) {
                write(out, tooSlow(from.lost()));
                return;
            }
            var next = from.next(HEARTBEAT_MILLIS);
            if (next.isPresent()) {
                write(out, next.get());
            } else if (from.lost() == 0 && !from.isClosed()) {
                write(out, new NodeEvent.Heartbeat(Instant.now()));
            }
            if (next.orElse(null) instanceof NodeEvent.NodeStopping) {
                return;
            }
        }
    }

    private void write(OutputStream out, NodeEvent event) throws IOException {
        byte[] line = json.writeValueAsBytes(event);
        byte[] terminated = Arrays.copyOf(line, line.length + 1);
        terminated[line.length] = '\n';
        out.write(terminated);
        out.flush();
    }

    private static NodeEvent tooSlow(long lost) {
        return new NodeEvent.Notice(
                Instant.now(),
                "slow-reader",
                "this reader was too slow and has missed " + lost + " events or more; connect again to go on");
    }

    private static Set<Class<? extends NodeEvent>> wanted(String types) {
        if (types == null || types.isBlank()) {
            return Set.of();
        }
        return Arrays.stream(types.split(","))
                .map(String::strip)
                .map(EventResource::kind)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Class<? extends NodeEvent> kind(String name) {
        var kind = KINDS.get(name);
        if (kind == null) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "types: there are no events of this name",
                    "events: " + String.join(", ", KINDS.keySet()));
        }
        return kind;
    }

    private static Map<String, Class<? extends NodeEvent>> kinds() {
        var kinds = new TreeMap<String, Class<? extends NodeEvent>>();
        for (var each : NodeEvent.class.getAnnotation(JsonSubTypes.class).value()) {
            kinds.put(each.name(), each.value().asSubclass(NodeEvent.class));
        }
        return kinds;
    }
}
