package dev.parley.admin;

/**
 * {@code GET /v1/caller}: as whom the node sees the caller.
 *
 * @param uid user id, as the kernel says
 * @param gid id of the user's first group
 * @param pid process id at the time it connected; 0 where the system does not tell
 * @param permission what it may do
 */
public record CallerInfo(long uid, long gid, int pid, Permission permission) {}
