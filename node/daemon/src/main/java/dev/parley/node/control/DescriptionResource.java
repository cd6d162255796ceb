package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The description of this API. It is made when the node is built: to make it at each start would hold the start up. */
@Path(AdminApi.BASE + "/openapi")
@Produces(MediaType.APPLICATION_JSON)
class DescriptionResource {
    @GET
    @Operation(summary = "this description, OpenAPI 3.1")
    public InputStream description() {
        return DescriptionResource.class.getResourceAsStream("openapi.json");
    }
}
