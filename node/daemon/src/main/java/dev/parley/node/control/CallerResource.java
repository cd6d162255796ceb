package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.CallerInfo;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/caller")
@Produces(MediaType.APPLICATION_JSON)
class CallerResource {
    @GET
    @NonBlocking
    @Operation(summary = "as whom the node sees the caller, and what that may do")
    public CallerInfo caller(RoutingContext routing) {
        Caller caller = AdminAudit.caller(routing);
        return new CallerInfo(
                Integer.toUnsignedLong(caller.uid()),
                Integer.toUnsignedLong(caller.gid()),
                caller.pid(),
                dev.parley.admin.Permission.valueOf(AdminAudit.granted(routing).name()));
    }
}
