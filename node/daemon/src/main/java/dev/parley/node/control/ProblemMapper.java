package dev.parley.node.control;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.Problem;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers every failure of a resource, and of the layer that calls it, with a problem. */
class ProblemMapper {
    @ServerExceptionMapper
    Response ours(ApiException failure, RoutingContext request) {
        return answer(failure, request);
    }

    /** The REST layer has mappers of its own for these two, which only the same types displace. */
    @ServerExceptionMapper
    Response web(WebApplicationException failure, RoutingContext request) {
        return answer(failure, request);
    }

    @ServerExceptionMapper
    Response json(MismatchedInputException failure, RoutingContext request) {
        return answer(failure, request);
    }

    @ServerExceptionMapper
    Response any(Throwable failure, RoutingContext request) {
        return answer(failure, request);
    }

    private static Response answer(Throwable failure, RoutingContext request) {
        Problem problem = Problems.of(failure, request.request().method().name());
        AdminAudit.failed(request, problem.code());
        if (problem.status() == ErrorCode.REQUEST_TOO_LARGE.status()) {
            Connections.closeAfter(request);
        }
        return Response.status(problem.status())
                .type(AdminApi.PROBLEM_JSON)
                .entity(problem)
                .build();
    }
}
