package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The manifests as kubectl renders them, without a cluster and without the network. */
final class Overlays {
    static final Path DEPLOY = Path.of("").toAbsolutePath();
    static final List<String> NAMES = List.of("local", "production", "cert-manager");

    private Overlays() {}

    /** Without kubectl the test is skipped, unless {@code PARLEY_KUBECTL=required}, as where changes are let in. */
    static String render(String overlay) throws IOException, InterruptedException {
        boolean there = List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Path.of(folder, "kubectl").toFile().canExecute());
        if ("required".equals(System.getenv("PARLEY_KUBECTL"))) {
            assertThat(there)
                    .as("kubectl is on the PATH, as PARLEY_KUBECTL=required says")
                    .isTrue();
        }
        assumeTrue(there, "kubectl is not installed: the manifests are not rendered, and not tested");
        Process kubectl = new ProcessBuilder(
                        "kubectl",
                        "kustomize",
                        DEPLOY.resolve("kubernetes/overlays/" + overlay).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String yaml = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(kubectl.exitValue())
                .as("exit code of kubectl kustomize, 1.21 or newer")
                .isZero();
        return yaml;
    }

    static Documented documented() throws IOException {
        return Documented.read(DEPLOY.resolve("../node/daemon"));
    }
}
