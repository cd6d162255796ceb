package dev.parley.node.boot;

import java.net.UnknownHostException;

/** Tells why an address could not be listened on. The transports have only texts in common. */
final class BindProblem {
    private BindProblem() {}

    /** The port for peers. */
    static StartupFailure of(Throwable cause, String host, int port) {
        return of(cause, "listen", host, port, "parley.listen");
    }

    /**
     * @param what the node cannot do
     * @param keys what the keys of host and port begin with
     */
    static StartupFailure of(Throwable cause, String what, String host, int port, String keys) {
        for (var each = cause; each != null; each = each.getCause()) {
            var text = String.valueOf(each.getMessage());
            if (text.contains("Address already in use")) {
                var file = keys.equals("parley.listen") ? "CREDENTIALS.txt or " : "";
                return StartupFailure.portInUse("cannot " + what, host, port, file + keys + ".port");
            }
            if (text.contains("Cannot assign requested address")
                    || text.contains("Can't assign requested address")
                    || each instanceof UnknownHostException) {
                return StartupFailure.configuration(keys + ".host", "is no address of this machine: " + host);
            }
            if (text.contains("Permission denied")) {
                return StartupFailure.configuration(
                        keys + ".port", "needs rights that this user does not have: " + port);
            }
        }
        return StartupFailure.of(
                ExitCode.FAILED, "cannot " + what + " on " + host + " port " + port + ": " + cause.getMessage(), cause);
    }
}
