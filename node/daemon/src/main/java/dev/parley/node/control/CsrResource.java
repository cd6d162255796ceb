package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.CsrReply;
import dev.parley.admin.CsrRequest;
import dev.parley.admin.ErrorCode;
import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.FleetEvent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Certificate requests: the key signs here, so that it never leaves the node. */
@Path(AdminApi.BASE + "/identity/csr")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class CsrResource {
    private static final int NAMES_MOST = 16;
    private static final Pattern DNS = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,30}:[!-~]{1,221}");

    private final NodeFacts facts;
    private final AuditLog audit;

    CsrResource(NodeFacts facts, AuditLog audit) {
        this.facts = facts;
        this.audit = audit;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "a certificate request for the identity key")
    public CsrReply request(CsrRequest body) {
        List<String> names = Optional.ofNullable(body).map(CsrRequest::names).orElse(List.of());
        if (names.size() > NAMES_MOST || !names.stream().allMatch(CsrResource::isName)) {
            throw Parameters.invalid("names", "at most 16 DNS names or URIs, ASCII, at most 253 characters each");
        }
        if (!facts.ready()) {
            throw new ApiException(ErrorCode.NODE_BUSY, "the node is starting", "try again in a moment");
        }
        CsrReply reply = new CsrReply(facts.identity().peerId().toString(), facts.certificateRequest(names));
        audit.record(new FleetEvent.CertificateRequested(names));
        return reply;
    }

    private static boolean isName(String name) {
        return name != null && (DNS.matcher(name).matches() || URI.matcher(name).matches());
    }
}
