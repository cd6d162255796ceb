package dev.parley.image;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The entry of the image's programs, one for both: the JVM takes an archive of classes only for the class path that it was made
 * with, and opens packages by a manifest only for {@code java -jar}. With {@code launch.as=node} it is the node, else the
 * client, to which it says what a shell would have: what of its input and output is a terminal, and how wide.
 */
public final class Launch {
    private static final long TIOCGWINSZ = 0x5413;
    private static final int WINSIZE_BYTES = 8;

    private Launch() {}

    public static void main(String... arguments) {
        if ("node".equals(System.getProperty("launch.as"))) {
            dev.parley.node.boot.Main.main(arguments);
            return;
        }
        StringBuilder terminals = new StringBuilder();
        for (int descriptor = 0; descriptor <= 2; descriptor++) {
            if (isTerminal(descriptor)) {
                terminals.append(descriptor);
            }
        }
        System.setProperty("parley.tty", terminals.toString());
        if (terminals.indexOf("1") >= 0) {
            tellColumns();
        }
        dev.parley.client.Main.main(arguments);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor))).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    private static void tellColumns() {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            var ioctl = linker.downcallHandle(
                    linker.defaultLookup().find("ioctl").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                    Linker.Option.firstVariadicArg(2));
            MemorySegment size = arena.allocate(WINSIZE_BYTES);
            int columns = 0;
            if ((int) ioctl.invokeExact(1, TIOCGWINSZ, size) == 0) {
                columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, Short.BYTES));
            }
            if (columns > 0) {
                System.setProperty("parley.columns", Integer.toString(columns));
            }
        } catch (Throwable e) {
            // The client assumes a width then.
            return;
        }
    }
}
