package dev.parley.node.boot;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Finds {@code CREDENTIALS.txt} by {@code parley.credentials}, which environment and system properties may set. */
public final class CredentialsSourceFactory implements ConfigSourceFactory {
    private static final String KEY = "parley.credentials";
    private static final String DEFAULT = "CREDENTIALS.txt";

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        var value = context.getValue(KEY);
        var file = Path.of(value == null || value.getValue() == null ? DEFAULT : value.getValue());
        return List.of(new CredentialsSource(CredentialsFile.read(file)));
    }
}
