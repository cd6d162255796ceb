package dev.parley.node.audit;

import dev.parley.protocol.crypto.IdentityKey;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** A process that logs as fast as it can until it is killed, and tells what is acknowledged. Arguments: a directory, its run. */
final class AuditProcess {
    private static final int THREADS = 2;

    private AuditProcess() {}

    public static void main(String... arguments) throws Exception {
        var directory = Path.of(arguments[0]);
        int run = Integer.parseInt(arguments[1]);
        var settings = new NetLog.Settings(1 << 16, 10_000, 8_192, 1 << 24);
        var identity = IdentityKey.fromPem(Files.readString(directory.resolve("identity.pem")));
        var log = NetLog.open(directory.resolve("net.log"), settings, Clock.systemUTC());
        log.seal(identity, directory.resolve("audit.key"));
        var out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 12));
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            Thread.ofPlatform().start(() -> {
                for (int i = 0; ; i++) {
                    int event = i;
                    log.record(new NodeEvent.StartFailed(event, "run " + run + " thread " + number))
                            .thenRun(() -> acknowledge(out, number, event));
                }
            });
        }
    }

    private static void acknowledge(DataOutputStream out, int thread, int event) {
        try {
            synchronized (out) {
                out.writeInt(thread);
                out.writeInt(event);
            }
        } catch (IOException killed) {
            Thread.currentThread().interrupt();
        }
    }
}
