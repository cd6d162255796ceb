package dev.parley.lab.attack;

import dev.parley.lab.Attack;
import dev.parley.lab.attack.machine.AdminStranger;
import dev.parley.lab.attack.machine.ForgedLog;
import dev.parley.lab.attack.peer.DialStorm;
import dev.parley.lab.attack.peer.FloodingPeer;
import dev.parley.lab.attack.peer.HostileFileNames;
import dev.parley.lab.attack.peer.LyingFiles;
import dev.parley.lab.attack.stranger.HandshakeFlood;
import dev.parley.lab.attack.stranger.MutatedMessages;
import dev.parley.lab.attack.stranger.NotCertified;
import dev.parley.lab.attack.stranger.NotWelcome;
import dev.parley.lab.attack.stranger.OversizedLengths;
import dev.parley.lab.attack.stranger.Probing;
import dev.parley.lab.attack.stranger.SessionIds;
import dev.parley.lab.attack.stranger.SlowLoris;
import dev.parley.lab.attack.stranger.SpoofedIdentity;
import dev.parley.lab.attack.stranger.UnwrapOracle;
import dev.parley.lab.attack.thief.DuplicateIdentity;
import dev.parley.lab.attack.thief.KeyCompromise;
import dev.parley.lab.attack.thief.LeakedSessionKey;
import dev.parley.lab.attack.thief.StolenDisk;
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
                new SlowLoris(),
                new MutatedMessages(),
                new Probing(),
                new NotWelcome(),
                new NotCertified(),
                new StolenKeyRecording(),
                new KeyCompromise(),
                new LeakedSessionKey(),
                new StolenDisk(),
                new DuplicateIdentity(),
                new FloodingPeer(),
                new DialStorm(),
                new ForgedLog(),
                new AdminStranger(),
                new OversizedLengths(),
                new HostileFileNames(),
                new LyingFiles());
    }
}
