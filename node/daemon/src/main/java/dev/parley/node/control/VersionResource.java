package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.VersionInfo;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/version")
@Produces(MediaType.APPLICATION_JSON)
class VersionResource {
    private static final String PROTOCOL = "PSP/1";

    private final VersionInfo version;

    VersionResource(@ConfigProperty(name = "quarkus.application.version") String version) {
        this.version = new VersionInfo(
                AdminApi.VERSION, version, PROTOCOL, Runtime.version().toString());
    }

    @GET
    @NonBlocking
    @Operation(summary = "what runs here, and which version of this API it speaks")
    public VersionInfo version() {
        return version;
    }
}
