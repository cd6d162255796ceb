package dev.parley.node.boot;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The node's process. A failure to start is one line on standard error and the {@linkplain ExitCode exit code} that
 * belongs to it; SIGTERM and SIGINT end with 0 once everything is closed, and with 1
 * where that takes longer than {@code parley.shutdown.grace}.
 */
@QuarkusMain
public final class Main {
    private static final CountDownLatch EXITED = new CountDownLatch(1);
    private static final Thread AT_SIGNAL = Thread.ofPlatform().unstarted(Main::endBySignal);

    private static volatile boolean exiting;
    private static volatile Duration grace = Duration.ofMinutes(1);

    private Main() {}

    /** Takes no arguments: everything is set by the configuration. */
    public static void main(String... arguments) {
        if (arguments.length > 0) {
            System.err.println("parley: the node takes no arguments: set it up by the environment or system properties,"
                    + " as CONFIGURATION.md tells");
            System.exit(ExitCode.CONFIGURATION.code());
        }
        WarmUp.begin();
        NameCaches.keepBriefly();
        Runtime.getRuntime().addShutdownHook(AT_SIGNAL);
        Quarkus.run(Node.class, Main::exited, arguments);
    }

    /** From now on a signal ends the process within this time, whatever hangs. */
    static void endWithin(Duration time) {
        grace = time;
    }

    /** Runs once Quarkus has started everything. */
    public static final class Node implements QuarkusApplication {
        @Inject
        NodeLifecycle lifecycle;

        @Override
        public int run(String... arguments) {
            lifecycle.ready();
            Quarkus.waitForExit();
            return ExitCode.OK.code();
        }
    }

    /** Everything is stopped, or never was started. */
    private static void exited(int code, Throwable failure) {
        // Known only now: before Quarkus has started something, every mode looks normal.
        if (LaunchMode.current() != LaunchMode.NORMAL) {
            endedInDevMode(code, failure);
            return;
        }
        int status = code;
        if (failure != null) {
            var told = StartFailures.tell(failure);
            System.err.println("parley: " + told.getMessage());
            if (told.exitCode() == ExitCode.FAILED) {
                failure.printStackTrace();
            }
            status = told.exitCode().code();
        }
        if (ApplicationLifecycleManager.isVmShuttingDown()) {
            EXITED.countDown();
        } else {
            exiting = true;
            System.exit(status);
        }
    }

    /** The process outlives the node, which is loaded anew: what happens next is the business of dev mode. */
    private static void endedInDevMode(int code, Throwable failure) {
        if (!ApplicationLifecycleManager.isVmShuttingDown()) {
            Runtime.getRuntime().removeShutdownHook(AT_SIGNAL);
        }
        EXITED.countDown();
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
    }

    /** The JVM would end with 143 or 130 after a signal; a node that was asked to stop and did has not failed. */
    private static void endBySignal() {
        if (exiting) {
            return;
        }
        try {
            if (!EXITED.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                // Whoever sent the signal would kill it now without a word. The node is made to bear that, and says so.
                System.err.println("parley: not stopped within parley.shutdown.grace: the process is ended as it is");
                System.err.flush();
                Runtime.getRuntime().halt(ExitCode.FAILED.code());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(ExitCode.OK.code());
    }
}
