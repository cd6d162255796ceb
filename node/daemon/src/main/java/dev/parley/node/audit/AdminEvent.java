package dev.parley.node.audit;

/** What comes over the admin socket. The caller's uid, gid and pid are the kernel's word; -1 where it gives none. */
public sealed interface AdminEvent extends AuditEvent {

    @Audited("An admin command was answered: with this HTTP status, and the error's code if it was one.")
    record AdminCommand(int uid, int gid, int pid, String method, String path, int status, String code)
            implements AdminEvent {}

    @Audited("A reader of the event stream was too slow and was dropped.")
    record AdminStreamDropped(int uid, int pid, String stream, long undelivered) implements AdminEvent {}
}
