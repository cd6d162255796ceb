package dev.parley.node.net;

import dev.parley.node.config.ParleyConfig;
import dev.parley.node.session.Ticks;
import dev.parley.node.trust.AddressKey;
import dev.parley.protocol.Task;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where RSA and key encapsulation run: a small pool of threads with a lane for each of the two things that a stranger can make
 * this node do (PSP/1 section 4, "Quotas"), so that neither crowds out the other nor this node's own dials.
 */
@ApplicationScoped
public class PeerWork {

    /** Dials are this node's own decision and one a peer, so what they can queue is bounded by the peers. */
    private static final int OWN_WAITING = 100_000;

    private final ExecutorService workers;
    private final WorkLane unwraps;
    private final WorkLane encapsulations;
    private final WorkLane own;
    private final AddressQuota unwrapQuota;
    private final Refusals refusals = new Refusals();

    PeerWork(ParleyConfig config) {
        int parallel = config.handshake().workers() > 0
                ? config.handshake().workers()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        int waiting = config.handshake().unwraps().waiting();
        // Three lanes of this width; the pool itself never queues more than they let through.
        workers = new ThreadPoolExecutor(
                3 * parallel,
                3 * parallel,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("parley-crypto-", 0).factory());
        unwraps = new WorkLane(workers, parallel, waiting);
        encapsulations = new WorkLane(workers, parallel, waiting);
        own = new WorkLane(workers, parallel, OWN_WAITING);
        unwrapQuota = new AddressQuota(
                config.handshake().unwraps().perSecond(),
                config.handshake().unwraps().burst());
    }

    /**
     * Work that a stranger asked for.
     *
     * @param tab is charged for it
     * @param first whether the address has a live, trusted session and so goes before others
     * @return false: the address is over its quota and the task was refused
     */
    boolean forStranger(PeerConnection connection, AddressKey address, Task task, Penalties.Tab tab, boolean first) {
        Runnable metered = () -> {
            double before = Costs.spentByThisThread();
            task.run();
            tab.charge(Costs.spentByThisThread() - before);
            connection.complete(task);
        };
        switch (task.kind()) {
            case UNWRAP -> {
                if (!unwrapQuota.take(address, Ticks.now())) {
                    refusals.add(Refusals.Reason.UNWRAPS);
                    connection.refuse(task);
                    return false;
                }
                unwraps.submit(new WorkLane.Job(metered, () -> gaveWay(connection, task)), first);
            }
            case ENCAPSULATE ->
                encapsulations.submit(new WorkLane.Job(metered, () -> gaveWay(connection, task)), first);
            default -> own.submit(new WorkLane.Job(metered, () -> gaveWay(connection, task)), first);
        }
        return true;
    }

    /** Work of a dial of this node. */
    void own(PeerConnection connection, Task task) {
        own.submit(
                new WorkLane.Job(
                        () -> {
                            task.run();
                            connection.complete(task);
                        },
                        () -> connection.refuse(task)),
                false);
    }

    /** Unwraps for strangers that wait for a thread. */
    int unwrapsWaiting() {
        return unwraps.waiting();
    }

    Refusals refusals() {
        return refusals;
    }

    @PreDestroy
    void stop() {
        workers.shutdownNow();
    }

    private void gaveWay(PeerConnection connection, Task task) {
        refusals.add(Refusals.Reason.WAITING);
        connection.refuse(task);
    }
}
