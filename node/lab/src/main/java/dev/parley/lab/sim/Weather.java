package dev.parley.lab.sim;

import dev.parley.lab.sim.Scenario.Fault;
import java.util.List;
import java.util.SplittableRandom;

/** Carries faults out, and ends them. */
final class Weather {
    private final World world;
    private final SplittableRandom random;
    private boolean over;

    Weather(World world) {
        this.world = world;
        this.random = world.random().split();
    }

    /** All that goes on ends now; what a node or link was burdened with is taken off by its own end. */
    void clear() {
        over = true;
        world.nodes().forEach(SimNode::relieve);
    }

    void begin(Fault fault) {
        world.trace(() -> fault.kind() + " n" + fault.node() + (pair(fault) ? " and n" + fault.other() : "") + " for "
                + fault.length() / Clockwork.MILLI + " ms");
        SimNode node = world.node(fault.node());
        Link link = world.link(fault.node(), fault.other());
        switch (fault.kind()) {
            case CUT -> {
                block(link, 0, fault);
                block(link, 1, fault);
            }
            case STALL -> block(link, fault.strength() & 1, fault);
            case RESET -> link.wires().forEach(Wire::reset);
            case HALF_CLOSE -> pick(link.wires()).forEach(wire -> wire.endDirection((fault.strength() & 1) == 0));
            case CRASH, POWER -> {
                node.crash(fault.kind() == Scenario.Kind.POWER);
                later(fault, node::start);
            }
            case PARTITION -> {
                for (SimNode other : world.nodes()) {
                    if (other != node) {
                        block(world.link(fault.node(), other.index()), 0, fault);
                        block(world.link(fault.node(), other.index()), 1, fault);
                    }
                }
            }
            case SLOW -> {
                node.slow(true);
                later(fault, () -> node.slow(false));
            }
            case BUSY -> {
                node.busy(true);
                later(fault, () -> node.busy(false));
            }
            case FULL -> {
                node.full(true);
                later(fault, () -> node.full(false));
            }
            case DISCONNECT -> {
                if (node.running()) {
                    node.peer(fault.other()).disconnect();
                }
            }
            case ATTACK -> {
                Attack attack = new Attack(random.split(), 1.0 / (1 + fault.strength() % 40));
                link.attack(attack);
                later(fault, () -> {
                    if (link.attack() == attack) {
                        link.attack(null);
                    }
                });
            }
            case MISROUTE -> {
                link.misroute(random.nextInt(world.scenario().nodes()));
                later(fault, () -> link.misroute(-1));
            }
            case STRANGER -> {
                for (int i = 0; i <= fault.strength() % 3; i++) {
                    world.intrude(fault.node());
                }
            }
        }
    }

    private void block(Link link, int direction, Fault fault) {
        link.block(direction);
        later(fault, () -> link.unblock(direction));
    }

    private void later(Fault fault, Runnable end) {
        world.clock().after(fault.length(), () -> {
            if (!over) {
                end.run();
            }
        });
    }

    private List<Wire> pick(List<Wire> wires) {
        return wires.isEmpty() ? wires : List.of(wires.get(random.nextInt(wires.size())));
    }

    private static boolean pair(Fault fault) {
        return switch (fault.kind()) {
            case CRASH, POWER, PARTITION, SLOW, BUSY, FULL, STRANGER -> false;
            default -> true;
        };
    }
}
