package dev.parley.node.boot;

import dev.parley.node.audit.NetLog;
import dev.parley.node.audit.NodeEvent;
import dev.parley.node.config.ConfigCheck;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.config.ShutdownPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Checks the settings at start, and settles what {@code CREDENTIALS.txt} has to say. */
final class Settings {
    private static final Logger LOG = Logger.getLogger(Settings.class);
    /** What comes from below application.properties is a default. */
    private static final int APPLICATION_PROPERTIES = 250;

    private final Config config;
    private final ParleyConfig parley;

    Settings(Config config, ParleyConfig parley) {
        this.config = config;
        this.parley = parley;
    }

    /** The first thing that keeps the node from starting. */
    Optional<StartupFailure> failure() {
        if (credentials() instanceof CredentialsFile.Malformed malformed && fileMatters()) {
            return Optional.of(StartupFailure.credentials(malformed));
        }
        return ConfigCheck.problems(parley).stream()
                .findFirst()
                .map(problem -> {
                    int space = problem.indexOf(' ');
                    return StartupFailure.configuration(problem.substring(0, space), problem.substring(space + 1));
                })
                .or(this::graceTooShort);
    }

    /** What Quarkus takes of the time of a stop, before and after it tells the node. */
    Duration quarkusStops() {
        return duration("quarkus.shutdown.delay").plus(duration("quarkus.shutdown.timeout"));
    }

    private Optional<StartupFailure> graceTooShort() {
        Duration least = ShutdownPlan.leastGrace(quarkusStops());
        return parley.shutdown().grace().compareTo(least) >= 0
                ? Optional.empty()
                : Optional.of(StartupFailure.configuration(
                        "parley.shutdown.grace",
                        "must be at least " + least.toMillis()
                                + "ms where quarkus.shutdown.delay and quarkus.shutdown.timeout take "
                                + quarkusStops().toMillis() + "ms of it: set it higher, or those lower"));
    }

    private Duration duration(String key) {
        return config.getOptionalValue(key, Duration.class).orElse(Duration.ZERO);
    }

    /** Writes {@code CREDENTIALS.txt} if it is missing, and tells of all that is odd. Call it once nothing is wrong. */
    List<NodeEvent> settle() {
        var events = new ArrayList<NodeEvent>();
        switch (credentials()) {
            case CredentialsFile.Missing missing when fileMatters() -> events.add(write(missing));
            case CredentialsFile.Malformed malformed ->
                events.add(odd(
                        malformed.file().toString(),
                        malformed + "; it is ignored, parley.listen.host and parley.listen.port are set elsewhere"));
            default -> {}
        }
        return events;
    }

    /** What the file says by now that the node did not start with, where the file decides. */
    Optional<String> addressChange() {
        if (!fileMatters()) {
            return Optional.empty();
        }
        String listens = parley.listen().host() + " " + parley.listen().port();
        return switch (CredentialsFile.read(credentials().file())) {
            case CredentialsFile.Malformed malformed -> Optional.of(malformed.toString());
            case CredentialsFile.Missing _ -> Optional.empty();
            case CredentialsFile.Address now -> {
                String says = now.host() + " " + now.port();
                yield says.equals(listens)
                        ? Optional.empty()
                        : Optional.of(
                                now.file() + " says " + says + " by now, and the node has started with " + listens);
            }
        };
    }

    NetLog.Settings netLog() {
        var audit = parley.audit();
        return new NetLog.Settings(
                audit.rotateSize().asLongValue(),
                audit.rotateKeep(),
                audit.queue(),
                audit.queueBytes().asLongValue());
    }

    private NodeEvent write(CredentialsFile.Missing missing) {
        var file = missing.file().toAbsolutePath();
        var address = CredentialsFile.DEFAULT_HOST + " " + CredentialsFile.DEFAULT_PORT;
        try {
            CredentialsFile.writeDefault(file);
            LOG.infof("there was no %s: it is written now, with the default address %s", file, address);
            return new NodeEvent.CredentialsWritten(file, address);
        } catch (IOException e) {
            return odd(file.toString(), file + " is missing and cannot be written; the default is " + address);
        }
    }

    private NodeEvent odd(String key, String problem) {
        LOG.warn(problem);
        return new NodeEvent.ConfigWarning(key, problem);
    }

    private CredentialsFile credentials() {
        for (var source : config.getConfigSources()) {
            if (source instanceof CredentialsSource credentials) {
                return credentials.credentials();
            }
        }
        throw new IllegalStateException("CREDENTIALS.txt is no source of the configuration");
    }

    /** Whether the file, good or not, would decide about the host or the port. */
    private boolean fileMatters() {
        return isBelowFile(CredentialsSource.HOST) || isBelowFile(CredentialsSource.PORT);
    }

    private boolean isBelowFile(String key) {
        int ordinal = config.getConfigValue(key).getSourceOrdinal();
        // A missing file is not missed where application.properties has the address.
        return credentials() instanceof CredentialsFile.Missing
                ? ordinal < APPLICATION_PROPERTIES
                : ordinal <= CredentialsSource.ORDINAL;
    }
}
