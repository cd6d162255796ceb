package dev.parley.node.boot;

import dev.parley.node.audit.NetLog;
import dev.parley.node.config.Setting;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.util.ExceptionUtil;
import io.smallrye.config.ConfigValidationException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns whatever ended the start into one line, and sees to it that net.log has it. */
final class StartFailures {
    private static final Pattern CODE = Pattern.compile("([\\w.$]+Exception: )?SRCFG\\d{5}: ");
    private static final Pattern CONVERSION = Pattern.compile(
            "The config property ([^ ]+) with the config value \"[^\"]*\" threw an Exception whilst being converted (.*)",
            Pattern.DOTALL);
    private static final Pattern UNKNOWN = Pattern.compile("([^ ]+) in .* does not map to any root", Pattern.DOTALL);
    /** All that Quarkus tells of where its second port could not be opened. */
    private static final Pattern MANAGEMENT =
            Pattern.compile("Unable to start the management interface on (.+):(\\d{1,5})");

    private static final NetLog.Settings LOG_SETTINGS = new NetLog.Settings(64 << 20, 16, 16, 1 << 20);

    private StartFailures() {}

    static StartupFailure tell(Throwable failure) {
        for (var each = failure; each != null; each = each.getCause()) {
            switch (each) {
                case StartupFailure told -> {
                    return told;
                }
                case ConfigValidationException invalid -> {
                    return record(configuration(invalid.getProblem(0).getMessage()));
                }
                case QuarkusBindException taken -> {
                    return record(StartupFailure.portInUse(
                            "cannot serve health and metrics",
                            taken.getHost(),
                            taken.getPort(),
                            "quarkus.management.port"));
                }
                // The native transports fail in a way that Quarkus does not know.
                case IllegalStateException other
                when management(other).matches() -> {
                    return record(managementPort(management(other), other.getCause()));
                }
                default -> {}
            }
        }
        var root = ExceptionUtil.getRootCause(failure);
        return record(StartupFailure.of(ExitCode.FAILED, "the node cannot start: " + root, failure));
    }

    private static Matcher management(IllegalStateException failure) {
        return MANAGEMENT.matcher(String.valueOf(failure.getMessage()));
    }

    private static StartupFailure managementPort(Matcher matched, Throwable cause) {
        matched.matches();
        var host = matched.group(1);
        int port = Integer.parseInt(matched.group(2));
        return BindProblem.of(cause, "serve health and metrics", host, port, "quarkus.management");
    }

    /** Says what the configuration library says, without its codes and without the value, which may be a secret. */
    static StartupFailure configuration(String problem) {
        var text = CODE.matcher(problem).replaceAll("").strip();
        var conversion = CONVERSION.matcher(text);
        if (conversion.matches()) {
            return wrongType(conversion.group(1));
        }
        var unknown = UNKNOWN.matcher(text);
        return unknown.matches()
                ? StartupFailure.configuration(unknown.group(1), "is not a setting of the node: see CONFIGURATION.md")
                : StartupFailure.configuration("the configuration", "is wrong: " + text.replaceAll("\\R", " "));
    }

    private static StartupFailure wrongType(String key) {
        var problem = Setting.all().stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .map(setting -> "must be " + setting.expectation())
                .orElse("has a value of the wrong type: see CONFIGURATION.md");
        return StartupFailure.configuration(key, problem);
    }

    /** The failure came before, or in spite of, the node's own opening of net.log. */
    private static StartupFailure record(StartupFailure failure) {
        try (var directory = DataDirectory.open(dataDirectory());
                var log = NetLog.open(directory.resolve("net.log"), LOG_SETTINGS, Clock.systemUTC())) {
            log.record(failure.event());
        } catch (IOException | StartupFailure e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /** The configuration itself may be what is broken, so this reads the two places that launchers use. */
    private static Path dataDirectory() {
        var property = System.getProperty("parley.data-dir", System.getenv("PARLEY_DATA_DIR"));
        return Path.of(property == null ? "data" : property);
    }
}
