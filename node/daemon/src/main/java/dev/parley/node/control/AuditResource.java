package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.node.config.ParleyConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/audit")
class AuditResource {
    private static final int MAX_LINES = 100_000;

    private final AuditTail tail;
    private final java.nio.file.Path file;
    private final OpenStreams streams;

    AuditResource(ParleyConfig config, OpenStreams streams) {
        this.streams = streams;
        file = config.dataDir().resolve("net.log");
        tail = new AuditTail(file);
    }

    @GET
    @Produces(AdminApi.NDJSON)
    @RunOnVirtualThread
    @Operation(summary = "the last lines of net.log as they are, and with follow those that are appended")
    public StreamingOutput tail(
            @QueryParam("lines") @DefaultValue("100") String lines,
            @QueryParam("follow") @DefaultValue("false") String follow,
            RoutingContext routing) {
        int last = Parameters.number("lines", lines, 0, MAX_LINES);
        var follows = new AtomicBoolean(Parameters.flag("follow", follow));
        Connections.closeAfter(routing);
        Connections.onClose(routing.request().connection(), () -> follows.set(false));
        return out -> {
            streams.begun();
            try {
                tail.copy(last, () -> follows.get() && !streams.isStopping(), out);
            } catch (IOException gone) {
                Connections.abort(routing.request().connection());
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            } finally {
                streams.ended();
            }
        };
    }

    @GET
    @Path("/log")
    @Produces(AdminApi.NDJSON)
    @RunOnVirtualThread
    @Operation(summary = "all lines of net.log and of its rotated files, the oldest first, byte by byte as they are")
    public StreamingOutput log(RoutingContext routing) throws IOException {
        Connections.closeAfter(routing);
        var log = WholeLog.open(file);
        return out -> {
            streams.begun();
            try (log) {
                log.copy(out);
            } catch (IOException gone) {
                Connections.abort(routing.request().connection());
            } finally {
                streams.ended();
            }
        };
    }
}
