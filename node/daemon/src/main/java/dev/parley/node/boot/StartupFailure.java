package dev.parley.node.boot;

import dev.parley.node.audit.AuditEvent;
import dev.parley.node.audit.NodeEvent;

/** The node cannot start, for a reason that its operator can mend. The message is the one line that is printed. */
public final class StartupFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final transient AuditEvent event;

    private StartupFailure(ExitCode exitCode, String message, AuditEvent event, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.event = event;
    }

    /** @param problem what is wrong with the key and what is expected */
    static StartupFailure configuration(String key, String problem) {
        return new StartupFailure(
                ExitCode.CONFIGURATION, key + " " + problem, new NodeEvent.ConfigError(key, problem), null);
    }

    static StartupFailure credentials(CredentialsFile.Malformed malformed) {
        return new StartupFailure(
                ExitCode.CONFIGURATION,
                malformed.toString(),
                new NodeEvent.ConfigError(malformed.file().toString(), malformed.toString()),
                null);
    }

    /** @param where the port is set */
    static StartupFailure portInUse(String what, String host, int port, String where) {
        return new StartupFailure(
                ExitCode.PORT_IN_USE,
                what + ": port " + port + " of " + host
                        + " is in use by another process: stop that one, or set another port in " + where,
                new NodeEvent.PortInUse(host, port),
                null);
    }

    static StartupFailure directoryInUse(String message) {
        return of(ExitCode.DIRECTORY_IN_USE, message, null);
    }

    static StartupFailure state(String message, Throwable cause) {
        return of(ExitCode.STATE, message, cause);
    }

    static StartupFailure of(ExitCode exitCode, String message, Throwable cause) {
        return new StartupFailure(exitCode, message, new NodeEvent.StartFailed(exitCode.code(), message), cause);
    }

    ExitCode exitCode() {
        return exitCode;
    }

    /** What net.log tells of it. */
    AuditEvent event() {
        return event;
    }
}
