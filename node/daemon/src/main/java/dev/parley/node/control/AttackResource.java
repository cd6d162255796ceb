package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.AllowReply;
import dev.parley.admin.AllowRequest;
import dev.parley.admin.ErrorCode;
import dev.parley.node.audit.AdminEvent;
import dev.parley.node.audit.AuditLog;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The node's consent to the attack lab. It changes nothing of what the node does: the lab asks for it, an attacker would not. */
@Path(AdminApi.BASE + "/attacks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class AttackResource {
    private final NodeFacts facts;
    private final AuditLog audit;

    AttackResource(NodeFacts facts, AuditLog audit) {
        this.facts = facts;
        this.audit = audit;
    }

    @POST
    @Path("/allow")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "agree to be attacked by the lab, for a while")
    public AllowReply allow(AllowRequest body) {
        long seconds = Parameters.present("seconds", Parameters.body(body).seconds());
        if (seconds < 1 || seconds > AllowRequest.MAX_SECONDS) {
            throw Parameters.invalid("seconds", "1 to " + AllowRequest.MAX_SECONDS);
        }
        if (!facts.ready()) {
            throw new ApiException(ErrorCode.NODE_BUSY, "the node is starting", "try again in a moment");
        }
        Instant until = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds);
        String token = facts.attackAllowance(until);
        audit.record(new AdminEvent.AttackAllowed(until));
        return new AllowReply(token, until);
    }
}
