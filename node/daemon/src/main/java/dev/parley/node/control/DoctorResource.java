package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.DoctorReport;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.Finding;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;

@Path(AdminApi.BASE + "/doctor")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class DoctorResource {
    private static final Logger LOG = Logger.getLogger(DoctorResource.class);

    private final NodeFacts facts;
    private final Map<String, Check> checks = new LinkedHashMap<>();

    /** Looks, and changes nothing. */
    @FunctionalInterface
    private interface Check {
        List<Finding> look() throws IOException;
    }

    DoctorResource(NodeFacts facts, SelfChecks self, PeerChecks others, DialChecks dials) {
        this.facts = facts;
        checks.put("address", self::address);
        checks.put("reachable", others::reachable);
        checks.put("data-directory", self::directory);
        checks.put("identity", self::identity);
        checks.put("certificate", self::certificate);
        checks.put("audit-log", self::audit);
        checks.put("disk", self::disk);
        checks.put("store", self::store);
        checks.put("settings", self::settings);
        checks.put("clock", others::clock);
        checks.put("discovery", dials::discovery);
        checks.put("peers", dials::peers);
        checks.put("keys", others::keys);
        checks.put("witness", others::witness);
        checks.put("approvals", others::approvals);
        checks.put("outbox", others::outbox);
        checks.put("strangers", others::strangers);
    }

    @GET
    @Operation(summary = "what is wrong with the node, or will be, and what to do about it")
    public DoctorReport report() {
        if (!facts.ready()) {
            throw new ApiException(ErrorCode.NODE_BUSY, "the node is starting", "try again in a moment");
        }
        List<Finding> findings = new ArrayList<>();
        checks.forEach((name, check) -> findings.addAll(look(name, check)));
        return new DoctorReport(Instant.now(), findings);
    }

    /** One that cannot be done must not hide the others. */
    private static List<Finding> look(String name, Check check) {
        try {
            return check.look();
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "the check %s could not be done", name);
            return List.of(Finding.unknown(name, "it could not be looked at; the log of the node says why"));
        }
    }
}
