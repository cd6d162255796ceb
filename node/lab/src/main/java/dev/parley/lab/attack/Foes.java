package dev.parley.lab.attack;

import dev.parley.lab.Attack;
import dev.parley.lab.attack.stranger.HandshakeFlood;
import dev.parley.lab.attack.stranger.MutatedMessages;
import dev.parley.lab.attack.stranger.NotWelcome;
import dev.parley.lab.attack.stranger.OversizedLengths;
import dev.parley.lab.attack.stranger.Probing;
import dev.parley.lab.attack.stranger.SessionIds;
import dev.parley.lab.attack.stranger.SpoofedIdentity;
import dev.parley.lab.attack.stranger.UnwrapOracle;
import dev.parley.lab.attack.thief.KeyCompromise;
import dev.parley.lab.attack.thief.LeakedSessionKey;
import dev.parley.lab.attack.thief.StolenKeyRecording;
import java.util.List;

/** The attacks of strangers, thieves, peers, and from the node's own machine. */
public final class Foes {
    private Foes() {}

    public static List<Attack> all() {
        return List.of(
                new SpoofedIdentity(),
                new SessionIds(),
                new UnwrapOracle(),
                new HandshakeFlood(),
                new MutatedMessages(),
                new Probing(),
                new NotWelcome(),
                new StolenKeyRecording(),
                new KeyCompromise(),
                new LeakedSessionKey(),
                new OversizedLengths());
    }
}
