package dev.parley.client.process;

import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How the node is started that was built from this tree. */
public final class NodeCommand {
    /** The node's {@code quarkus-run.jar}; the launcher sets it. */
    private static final String NODE_JAR = "parley.node.jar";

    private NodeCommand() {}

    /** The command line; for a directory of the node's own. @throws Failure if there is no node */
    public static List<String> built() {
        String jar = System.getProperty(NODE_JAR);
        if (jar == null || !Files.isRegularFile(Path.of(jar))) {
            throw new Failure(
                    ExitCode.FAILED,
                    "no-node",
                    "the node is not built" + (jar == null ? "" : ": there is no " + jar),
                    "run it through client/parley, which builds what is missing");
        }
        return of(Path.of(jar));
    }

    /** The same for a node that is built elsewhere. @param jar its {@code quarkus-run.jar} */
    public static List<String> of(Path jar) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar",
                jar.toAbsolutePath().toString());
    }
}
