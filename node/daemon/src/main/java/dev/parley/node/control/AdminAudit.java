package dev.parley.node.control;

import dev.parley.node.audit.AdminEvent;
import dev.parley.node.audit.AuditLog;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Puts into net.log who asked for what over the admin socket, and what came of it. */
@ApplicationScoped
class AdminAudit {
    private static final String CALLER = AdminAudit.class.getName() + ".caller";
    private static final String PATH = AdminAudit.class.getName() + ".path";
    private static final String NEEDS = AdminAudit.class.getName() + ".needs";
    private static final String GRANTED = AdminAudit.class.getName() + ".granted";
    private static final String CODE = AdminAudit.class.getName() + ".code";
    private static final int UNKNOWN = -1;
    private static final Caller NOBODY = new Caller(UNKNOWN, UNKNOWN, UNKNOWN);

    private final AuditLog log;
    private final RepeatedLooks looks;

    AdminAudit(AuditLog log, Vertx vertx) {
        this.log = log;
        this.looks = new RepeatedLooks(log, (delay, task) -> vertx.setTimer(delay.toMillis(), ignored -> task.run()));
    }

    /** While net.log is still open. */
    void stop(@Observes ShutdownEvent event) {
        looks.end();
    }

    /** Notes who asks. */
    static void from(RoutingContext request, Caller caller) {
        request.put(CALLER, caller);
    }

    /** Notes what the caller may do. */
    static void granted(RoutingContext request, Permission permission) {
        request.put(GRANTED, permission);
    }

    /** What the caller may do; null for a stranger. */
    static Permission granted(RoutingContext request) {
        return request.get(GRANTED);
    }

    /** Who asks; all -1 where the kernel does not tell. */
    static Caller caller(RoutingContext request) {
        Caller caller = request.get(CALLER);
        return caller == null ? NOBODY : caller;
    }

    /** Notes which line of the table the request is for. */
    static void asks(RoutingContext request, Permissions.Rule rule) {
        request.put(PATH, rule.path());
        request.put(NEEDS, rule.needs());
    }

    /** Notes the code of the error that the request ends with. */
    static void failed(RoutingContext request, String code) {
        request.put(CODE, code);
    }

    /** @param status the HTTP status of the answer, 0 if there was nobody left to answer */
    void command(RoutingContext request, int status) {
        Caller caller = caller(request);
        String method = request.request().method().name();
        String path = request.get(PATH);
        String granted = name(granted(request));
        if (RepeatedLooks.isLook(path, status)
                && looks.count(
                        new RepeatedLooks.Look(caller.uid(), caller.gid(), caller.pid(), method, path, granted))) {
            return;
        }
        // A path that reached no resource is any text that the caller likes: it says nothing that is worth a line.
        log.record(new AdminEvent.AdminCommand(
                caller.uid(),
                caller.gid(),
                caller.pid(),
                method,
                path,
                name(request.get(NEEDS)),
                granted,
                status,
                request.<String>get(CODE)));
    }

    void streamDropped(RoutingContext request, long undelivered) {
        Caller caller = caller(request);
        log.record(new AdminEvent.AdminStreamDropped(caller.uid(), caller.pid(), request.get(PATH), undelivered));
    }

    private static String name(Permission permission) {
        return permission == null ? null : permission.name();
    }
}
