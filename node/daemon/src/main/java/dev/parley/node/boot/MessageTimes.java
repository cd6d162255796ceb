package dev.parley.node.boot;

import dev.parley.node.message.Delivery;
import dev.parley.node.message.DeliveryState;
import dev.parley.node.message.MessageListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** How long messages take. */
@ApplicationScoped
class MessageTimes implements MessageListener {
    private final Timer acknowledgement;
    private final Timer delivery;

    MessageTimes(MeterRegistry registry) {
        var meters = new Meters(registry);
        acknowledgement = meters.histogram(Metric.ACKNOWLEDGEMENT, Buckets.SHORT);
        delivery = meters.histogram(Metric.DELIVERY, Buckets.LONG);
    }

    @Override
    public void acknowledged(long nanos) {
        acknowledgement.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void changed(UUID message, Delivery now) {
        if (now.state() == DeliveryState.DELIVERED && now.endedAt().isPresent()) {
            // The clock may have been set back while it waited.
            delivery.record(
                    notNegative(Duration.between(now.queuedAt(), now.endedAt().get())));
        }
    }

    private static Duration notNegative(Duration taken) {
        return taken.isNegative() ? Duration.ZERO : taken;
    }
}
