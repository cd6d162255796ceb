package dev.parley.node.boot;

import dev.parley.node.audit.NetLog.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps the events of net.log until there is somebody to count them. */
final class HeldEvents implements Consumer<Recorded> {
    private final List<Recorded> held = new ArrayList<>();
    private Consumer<Recorded> target;

    @Override
    public synchronized void accept(Recorded event) {
        if (target == null) {
            held.add(event);
        } else {
            target.accept(event);
        }
    }

    /** What was kept is told first; whoever tells meanwhile waits for that. */
    synchronized void handOver(Consumer<Recorded> to) {
        held.forEach(to);
        held.clear();
        target = to;
    }
}
