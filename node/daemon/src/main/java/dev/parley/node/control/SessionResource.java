package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.SessionInfo;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionRegistry;
import dev.parley.protocol.wire.Failure;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/sessions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class SessionResource {
    private final SessionRegistry sessions;
    private final Views views;

    SessionResource(SessionRegistry sessions, Views views) {
        this.sessions = sessions;
        this.views = views;
    }

    @GET
    @Operation(summary = "all live sessions, oldest first")
    public List<SessionInfo> all() {
        return sessions.all().stream().map(views::session).toList();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "one live session")
    public SessionInfo one(@PathParam("id") String id) {
        return views.session(find(id));
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "close a session; where the connection is kept, another follows")
    public void close(@PathParam("id") String id) {
        find(id).close(Failure.NORMAL, "");
    }

    private Session find(String id) {
        return Parameters.uuid(id)
                .flatMap(sessions::byId)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.SESSION_NOT_FOUND,
                        "no live session has this id",
                        "'parley sessions' lists those that are up"));
    }
}
