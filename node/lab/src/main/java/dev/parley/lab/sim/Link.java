package dev.parley.lab.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The way between two machines, which all their connections share: direction 0 goes from the lower to the higher. */
final class Link {
    private final Clockwork clock;
    private final SplittableRandom random;
    private final Scenario.LinkTraits traits;
    private final int[] blocked = new int[2];
    private final List<List<Runnable>> waiting = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<Wire> wires = new ArrayList<>();
    private Attack attack;
    private int misrouted = -1;

    Link(Clockwork clock, SplittableRandom random, Scenario.LinkTraits traits) {
        this.clock = clock;
        this.random = random;
        this.traits = traits;
    }

    /** Returns how long something that leaves now takes, in microseconds. */
    long delay() {
        return traits.delay() + random.nextLong(traits.jitter());
    }

    int direction(int from) {
        return from == traits.from() ? 0 : 1;
    }

    /** Says whether something in this direction passes now; if not, {@code again} runs when it may. */
    boolean open(int direction, Runnable again) {
        if (blocked[direction] == 0) {
            return true;
        }
        waiting.get(direction).add(again);
        return false;
    }

    void block(int direction) {
        blocked[direction]++;
    }

    /** What waited goes on when TCP next tries. */
    void unblock(int direction) {
        if (blocked[direction] > 0 && --blocked[direction] == 0) {
            List<Runnable> all = List.copyOf(waiting.get(direction));
            waiting.get(direction).clear();
            all.forEach(each -> clock.after(random.nextLong(Clockwork.SECOND), each));
        }
    }

    void attack(Attack attacker) {
        attack = attacker;
    }

    Attack attack() {
        return attack;
    }

    /** Dials arrive at this node instead; -1: where they should. */
    void misroute(int node) {
        misrouted = node;
    }

    int misrouted() {
        return misrouted;
    }

    void add(Wire wire) {
        wires.removeIf(Wire::over);
        wires.add(wire);
    }

    List<Wire> wires() {
        wires.removeIf(Wire::over);
        return List.copyOf(wires);
    }

    /** Everything is well from now on. */
    void heal() {
        attack = null;
        misrouted = -1;
        for (int direction = 0; direction < 2; direction++) {
            while (blocked[direction] > 0) {
                unblock(direction);
            }
        }
    }
}
