package dev.parley.node.boot;

import io.micrometer.core.instrument.Timer;
import io.netty.channel.SingleThreadEventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.concurrent.TimeUnit;

/** Asks each event loop that has connections, once a second, how long it takes to run a task. */
final class EventLoopLag {
    private static final long EVERY_MILLIS = 1_000;

    private EventLoopLag() {}

    static void watch(Vertx vertx, Timer timer) {
        vertx.setPeriodic(
                EVERY_MILLIS,
                ignored -> ((VertxInternal) vertx).getEventLoopGroup().forEach(each -> {
                    // A task would start the thread of a loop that nobody has needed yet.
                    if (each instanceof SingleThreadEventLoop loop && loop.registeredChannels() > 0) {
                        long asked = System.nanoTime();
                        loop.execute(() -> timer.record(System.nanoTime() - asked, TimeUnit.NANOSECONDS));
                    }
                }));
    }
}
