package dev.parley.client.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.parley.admin.NodeEvent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the client derives for itself is what the contract says. */
class NodeContractTest {
    @Test
    void eventTypesAreNamedAsInTheContract() {
        assertThat(Events.names())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(NodeEvent.class
                                .getAnnotation(JsonSubTypes.class)
                                .value())
                        .map(JsonSubTypes.Type::name)
                        .toList());
    }

    @Test
    void socketsAreFoundAsTheNodeMakesThem() {
        Path option = Path.of("/o");
        Map<String, String> all = Map.of("PARLEY_SOCKET", "/s", "PARLEY_ADMIN_SOCKET", "/a", "PARLEY_DATA_DIR", "/d");
        assertThat(SocketPath.find(option, all)).isEqualTo(option);
        assertThat(SocketPath.find(null, all)).isEqualTo(Path.of("/s"));
        assertThat(SocketPath.find(null, Map.of("PARLEY_ADMIN_SOCKET", "/a", "PARLEY_DATA_DIR", "/d")))
                .isEqualTo(Path.of("/a"));
        assertThat(SocketPath.find(null, Map.of("PARLEY_SOCKET", "", "PARLEY_DATA_DIR", "/d")))
                .isEqualTo(Path.of("/d/admin/parley.sock"));
        assertThat(SocketPath.find(null, Map.of())).isEqualTo(Path.of("data/admin/parley.sock"));
    }
}
