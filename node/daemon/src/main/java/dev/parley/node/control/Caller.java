package dev.parley.node.control;

/**
 * Who is at the other end of the admin socket, as the kernel says.
 *
 * @param uid user id
 * @param gid group id
 * @param pid process id at the time it connected; 0 where the system does not tell
 * @param groups the other groups it was in when it connected
 */
record Caller(int uid, int gid, int pid, int... groups) {}
