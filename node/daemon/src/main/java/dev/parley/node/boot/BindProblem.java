package dev.parley.node.boot;

import java.net.UnknownHostException;

/** Tells why an address could not be listened on. The transports have only texts in common. */
final class BindProblem {
    private BindProblem() {}

    static StartupFailure of(Throwable cause, String host, int port) {
        for (var each = cause; each != null; each = each.getCause()) {
            var text = String.valueOf(each.getMessage());
            if (text.contains("Address already in use")) {
                return StartupFailure.portInUse("cannot listen", host, port, "CREDENTIALS.txt or parley.listen.port");
            }
            if (text.contains("Cannot assign requested address")
                    || text.contains("Can't assign requested address")
                    || each instanceof UnknownHostException) {
                return StartupFailure.configuration("parley.listen.host", "is no address of this machine: " + host);
            }
            if (text.contains("Permission denied")) {
                return StartupFailure.configuration(
                        "parley.listen.port", "needs rights that this user does not have: " + port);
            }
        }
        return StartupFailure.of(
                ExitCode.FAILED, "cannot listen on " + host + " port " + port + ": " + cause.getMessage(), cause);
    }
}
