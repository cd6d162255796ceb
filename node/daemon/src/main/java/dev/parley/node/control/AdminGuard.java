package dev.parley.node.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.Problem;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;

/**
 * Stands in front of everything that the admin socket serves: identity, permission, API version, size, audit. It is a
 * route of the HTTP server, not of the resources, so that requests that reach no resource pass it as well.
 */
@ApplicationScoped
class AdminGuard {
    /** Bytes of a request body: a message of the permitted size fits even when each byte is a six-character escape. */
    static final int MAX_REQUEST_BYTES = 6 * AdminApi.MAX_MESSAGE_BYTES + (64 << 10);

    private static final int BEFORE_ALL_OTHERS = Integer.MIN_VALUE;
    private static final int STATUS_CALLER_GONE = 0;
    private static final Problem STRANGER = Problem.of(
            ErrorCode.CALLER_NOT_ALLOWED,
            "the admin socket does not serve this user",
            "run the client as the user that runs the node, or have that user set parley.admin.allow.read");

    private final CallerIdentity identity;
    private final Grants grants;
    private final AdminAudit audit;
    private final ObjectMapper json;

    AdminGuard(CallerIdentity identity, Grants grants, AdminAudit audit, ObjectMapper json) {
        this.identity = identity;
        this.grants = grants;
        this.audit = audit;
        this.json = json;
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_ALL_OTHERS).handler(this::admit).failureHandler(this::failed);
    }

    private void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        var rule = Permissions.ofRequest(request.method().name(), path(request));
        rule.ifPresent(known -> AdminAudit.asks(context, known));
        var caller = identity.of(request.connection());
        caller.ifPresent(known -> AdminAudit.from(context, known));
        caller.flatMap(grants::of).ifPresent(granted -> AdminAudit.granted(context, granted));
        auditOnce(context);
        if (AdminAudit.granted(context) == null) {
            // The same for whatever a stranger asks, so that it learns nothing of what there is.
            answer(context, STRANGER);
            return;
        }
        request.response().putHeader(AdminApi.VERSION_HEADER, Integer.toString(AdminApi.VERSION));
        try {
            checkVersion(request.getHeader(AdminApi.VERSION_HEADER));
            if (rule.isEmpty()) {
                answer(context, notServed(request));
                return;
            }
            permit(context, rule.get());
            if (!StreamedBodies.hasOne(request)) {
                checkLength(request.getHeader(HttpHeaders.CONTENT_LENGTH));
            }
        } catch (ApiException refused) {
            answer(context, refused.problem());
            return;
        }
        context.next();
    }

    /** @throws ApiException if the caller has not been granted what the line says */
    static void permit(RoutingContext context, Permissions.Rule rule) {
        AdminAudit.asks(context, rule);
        Permission granted = AdminAudit.granted(context);
        if (granted == null || !granted.includes(rule.needs())) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "this needs the permission " + name(rule.needs()) + ", and user "
                            + Integer.toUnsignedString(
                                    AdminAudit.caller(context).uid()) + " has "
                            + (granted == null ? "none" : name(granted)),
                    "the setting parley.admin.allow." + name(rule.needs()) + " of the node grants it");
        }
    }

    private static String name(Permission permission) {
        return permission.name().toLowerCase(Locale.ROOT);
    }

    private static String path(HttpServerRequest request) {
        return request.path() == null ? "" : request.path();
    }

    private static Problem notServed(HttpServerRequest request) {
        return Problems.ofStatus(
                Permissions.isPath(path(request)) ? 405 : 404,
                null,
                request.method().name());
    }

    private static void checkVersion(String sent) {
        if (sent == null || sent.equals(Integer.toString(AdminApi.VERSION))) {
            return;
        }
        if (!sent.matches("[1-9][0-9]{0,8}")) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE, "the header " + AdminApi.VERSION_HEADER + " is not a whole number");
        }
        boolean clientOlder = Integer.parseInt(sent) < AdminApi.VERSION;
        throw new ApiException(
                ErrorCode.API_VERSION_MISMATCH,
                "the client speaks version " + sent + " of the admin API, the node version " + AdminApi.VERSION
                        + ": the " + (clientOlder ? "client" : "node") + " is older",
                clientOlder ? "use the client that came with the node" : "restart the node after its update");
    }

    private static void checkLength(String contentLength) {
        if (contentLength != null && Long.parseLong(contentLength) > MAX_REQUEST_BYTES) {
            throw Problems.requestTooLarge("it has " + contentLength + " bytes");
        }
    }

    /** A failure outside the resources: they map their own. */
    private void failed(RoutingContext context) {
        if (context.response().headWritten()) {
            context.next();
            return;
        }
        answer(
                context,
                Problems.ofStatus(
                        context.statusCode(),
                        context.failure(),
                        context.request().method().name()));
    }

    private void answer(RoutingContext context, Problem problem) {
        AdminAudit.failed(context, problem.code());
        var response = context.response();
        response.setStatusCode(problem.status()).putHeader(HttpHeaders.CONTENT_TYPE, AdminApi.PROBLEM_JSON);
        // What is left of the body is not worth reading.
        Connections.closeAfter(context);
        try {
            response.end(json.writeValueAsString(problem));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a problem of strings and a number does not serialise", impossible);
        }
    }

    /** With the status when the answer begins, or without one when the caller is gone before. */
    private void auditOnce(RoutingContext context) {
        boolean[] done = new boolean[1];
        context.addHeadersEndHandler(ignored -> {
            if (!done[0]) {
                done[0] = true;
                record(context, context.response().getStatusCode());
            }
        });
        context.addEndHandler(ignored -> {
            if (!done[0]) {
                done[0] = true;
                record(context, STATUS_CALLER_GONE);
            }
        });
    }

    /** In dev mode a class that does not compile leaves no node to record anything, and the caller is to be told of it all the same. */
    private void record(RoutingContext context, int status) {
        ArcContainer container = Arc.container();
        if (container != null && container.isRunning()) {
            audit.command(context, status);
        }
    }
}
