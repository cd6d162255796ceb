package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.main.Launch;
import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import org.junit.jupiter.api.Test;

/** The same commands inside of Quarkus' container. */
@QuarkusMainTest
class AppTest {
    @Test
    @Launch({"send", "--help"})
    void helpIsAnAnswer(LaunchResult result) {
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void exitCodesPassThrough(QuarkusMainLauncher launcher) {
        assertThat(launcher.launch("--socket", "/no/such/socket", "status").exitCode())
                .isEqualTo(3);
        assertThat(launcher.launch("no-such-command").exitCode()).isEqualTo(2);
    }
}
