package dev.parley.node.boot;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * {@code CREDENTIALS.txt} as a source of {@code parley.listen.host} and {@code parley.listen.port}: below the environment
 * and system properties, above {@code application.properties}. A missing or malformed file gives nothing; {@link Settings}
 * tells of it when the node starts, because an exception here would be a stack trace.
 */
final class CredentialsSource implements ConfigSource {
    /** application.properties has 250 and, beside the working directory, 260; .env 295; the environment 300. */
    static final int ORDINAL = 275;

    static final String HOST = "parley.listen.host";
    static final String PORT = "parley.listen.port";

    private final CredentialsFile credentials;
    private final Map<String, String> values;

    CredentialsSource(CredentialsFile credentials) {
        this.credentials = credentials;
        this.values = credentials instanceof CredentialsFile.Address address
                ? Map.of(HOST, address.host(), PORT, Integer.toString(address.port()))
                : Map.of();
    }

    /** What the file held when the configuration was read. */
    CredentialsFile credentials() {
        return credentials;
    }

    @Override
    public int getOrdinal() {
        return ORDINAL;
    }

    @Override
    public Map<String, String> getProperties() {
        return values;
    }

    @Override
    public Set<String> getPropertyNames() {
        return values.keySet();
    }

    @Override
    public String getValue(String name) {
        return values.get(name);
    }

    @Override
    public String getName() {
        return credentials.file().toString();
    }
}
