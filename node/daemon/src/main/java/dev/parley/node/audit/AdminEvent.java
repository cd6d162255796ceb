package dev.parley.node.audit;

import java.time.Instant;

/** What comes over the admin socket. The caller's uid, gid and pid are the kernel's word; -1 where it gives none. */
public sealed interface AdminEvent extends AuditEvent {

    @Audited(
            "An admin command was answered, or refused: with this HTTP status, and the error's code if it was one. What it needs and what the caller has been granted: READ, OPERATE or ADMINISTER; without granted it was a stranger.")
    record AdminCommand(
            int uid,
            int gid,
            int pid,
            String method,
            String path,
            String needs,
            String granted,
            int status,
            String code)
            implements AdminEvent {}

    @Audited(
            "A caller that has looked at the node's figures, as its ADMIN_COMMAND says, did so again, so many times in the minute before this line, each time with status 200: GET of status, stats, doctor, limits, sessions or connections. All other requests are an ADMIN_COMMAND each.")
    record AdminRepeated(int uid, int gid, int pid, String method, String path, String granted, long count)
            implements AdminEvent {}

    @Audited("A reader of the event stream was too slow and was dropped.")
    record AdminStreamDropped(int uid, int pid, String stream, long undelivered) implements AdminEvent {}

    @Audited(value = "The operator has agreed to attacks by the lab until this time.", level = Level.WARN)
    record AttackAllowed(Instant until) implements AdminEvent {}
}
