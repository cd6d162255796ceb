package dev.parley.lab.attack;

import dev.parley.lab.Attack;
import dev.parley.lab.attack.stranger.SessionIds;
import dev.parley.lab.attack.stranger.SpoofedIdentity;
import dev.parley.lab.attack.stranger.UnwrapOracle;
import java.util.List;

/** The attacks of strangers, thieves, peers, and from the node's own machine. */
public final class Foes {
    private Foes() {}

    public static List<Attack> all() {
        return List.of(new SpoofedIdentity(), new SessionIds(), new UnwrapOracle());
    }
}
