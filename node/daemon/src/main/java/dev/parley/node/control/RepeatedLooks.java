package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.node.audit.AdminEvent;
import dev.parley.node.audit.AuditLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps net.log from being filled by those who watch the node. Of a process that looks at the node's figures the first look is a line
 * as any request is; those that follow are counted and told once a minute, until there is a minute without any. What is counted
 * changes nothing and shows neither messages, files nor lines of the log. Thread-safe.
 */
final class RepeatedLooks {
    static final Duration WINDOW = Duration.ofMinutes(1);
    /** Beyond so many at a time each look is a line. */
    static final int LOOKS_AT_MOST = 1_000;

    static final Set<String> PATHS = Stream.of("/status", "/stats", "/doctor", "/limits", "/sessions", "/connections")
            .map(AdminApi.BASE::concat)
            .collect(Collectors.toUnmodifiableSet());

    private final AuditLog log;
    private final BiConsumer<Duration, Runnable> timer;
    /** How often since the last line. */
    private final Map<Look, Long> counts = new HashMap<>();

    private boolean ended;

    /** Who looks at what, and may do what. */
    record Look(int uid, int gid, int pid, String method, String path, String granted) {}

    /** @param timer has a task run once, after a delay */
    RepeatedLooks(AuditLog log, BiConsumer<Duration, Runnable> timer) {
        this.log = log;
        this.timer = timer;
    }

    /** Whether requests of this kind are counted at all. @param path of the line of the table; null for none */
    static boolean isLook(String path, int status) {
        return status == 200 && path != null && PATHS.contains(path);
    }

    /** @return whether it was counted; else it has to have a line of its own */
    boolean count(Look look) {
        synchronized (this) {
            if (counts.computeIfPresent(look, (same, before) -> before + 1) != null) {
                return true;
            }
            if (ended || counts.size() >= LOOKS_AT_MOST) {
                return false;
            }
            counts.put(look, 0L);
        }
        timer.accept(WINDOW, () -> over(look));
        return false;
    }

    /** Tells what was counted and not told yet; from now on nothing is. */
    void end() {
        Map<Look, Long> untold;
        synchronized (this) {
            ended = true;
            untold = Map.copyOf(counts);
            counts.clear();
        }
        untold.forEach(this::tell);
    }

    private void over(Look look) {
        Long count;
        synchronized (this) {
            count = counts.get(look);
            if (count == null) {
                return;
            }
            if (count == 0) {
                counts.remove(look);
                return;
            }
            counts.put(look, 0L);
        }
        tell(look, count);
        timer.accept(WINDOW, () -> over(look));
    }

    /** Not under the lock: a full log makes its callers wait. */
    private void tell(Look look, long count) {
        if (count > 0) {
            log.record(new AdminEvent.AdminRepeated(
                    look.uid(), look.gid(), look.pid(), look.method(), look.path(), look.granted(), count));
        }
    }
}
