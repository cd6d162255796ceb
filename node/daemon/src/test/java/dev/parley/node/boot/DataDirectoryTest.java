package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path temporary;

    @Test
    void itIsMadeForItsOwnerAlone() throws IOException {
        var path = temporary.resolve("a/b");
        try (var directory = DataDirectory.open(path)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void oneThatOthersMayEnterIsRefusedWithTheRemedy() throws IOException {
        var path = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-x---"));
        assertThatThrownBy(() -> DataDirectory.open(path))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("chmod 700")
                .extracting(failure -> ((StartupFailure) failure).exitCode())
                .isEqualTo(ExitCode.STATE);
    }

    @Test
    void aSecondHolderIsRefusedUntilTheFirstIsGone() {
        var path = temporary.resolve("data");
        try (var first = DataDirectory.open(path)) {
            assertThatThrownBy(() -> DataDirectory.open(first.path()))
                    .isInstanceOf(StartupFailure.class)
                    .extracting(failure -> ((StartupFailure) failure).exitCode())
                    .isEqualTo(ExitCode.DIRECTORY_IN_USE);
        }
        DataDirectory.open(path).close();
    }

    @Test
    void aFileInTheWayIsTold() throws IOException {
        var path = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.open(path))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("a file is in the way");
    }
}
