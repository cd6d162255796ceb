package dev.parley.client.node;

import java.nio.file.Path;
import java.util.Map;

/** Where the admin socket is, by the same rules as the node's own. */
public final class SocketPath {
    private SocketPath() {}

    /**
     * The option, else PARLEY_SOCKET, else PARLEY_ADMIN_SOCKET (the node's {@code parley.admin.socket}), else
     * {@code admin/parley.sock} in PARLEY_DATA_DIR, else in {@code data} of the working directory.
     *
     * @param option may be null
     */
    public static Path find(Path option, Map<String, String> environment) {
        if (option != null) {
            return option;
        }
        for (String name : new String[] {"PARLEY_SOCKET", "PARLEY_ADMIN_SOCKET"}) {
            String value = environment.getOrDefault(name, "");
            if (!value.isEmpty()) {
                return Path.of(value);
            }
        }
        String dataDir = environment.getOrDefault("PARLEY_DATA_DIR", "");
        return Path.of(dataDir.isEmpty() ? "data" : dataDir, "admin", "parley.sock");
    }
}
