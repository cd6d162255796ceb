package dev.parley.node.transfer;

import dev.parley.node.store.Store;
import dev.parley.node.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/** How long transfers are kept: those that have ended as long as the operator wants, the others as long as messages wait. */
final class Retention {
    /** PSP/1 section 5 gives messages up after this time. */
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(60);

    private static final Logger LOG = Logger.getLogger(Retention.class);

    private final Shared shared;
    private final Duration keep;

    Retention(Shared shared, Duration keep) {
        this.shared = shared;
        this.keep = keep;
    }

    void tidy() {
        try {
            Instant now = Instant.now();
            for (Transfer old : Store.await(shared.table().endedBefore(now.minus(keep)))) {
                Store.await(shared.table().delete(old.key()));
                shared.spool().remove(old.key());
            }
            Instant tooOld = now.minus(GIVEN_UP_AFTER);
            shared.live().all().stream()
                    .filter(each -> each.createdAt().isBefore(tooOld) && each.state() != TransferState.RUNNING)
                    .forEach(each -> each.cancel("not done within " + GIVEN_UP_AFTER.toDays() + " days"));
        } catch (StoreException unwritable) {
            LOG.debugf("old transfers stay for now: %s", unwritable.getMessage());
        }
    }
}
