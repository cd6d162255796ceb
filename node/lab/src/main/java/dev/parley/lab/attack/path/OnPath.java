package dev.parley.lab.attack.path;

import dev.parley.lab.Attack;
import java.util.List;

/** The attacks on the path, in the order of their numbers. */
public final class OnPath {
    private OnPath() {}

    public static List<Attack> all() {
        return List.of(
                new Eavesdrop(),
                new BitFlip(),
                new PaddingOracle(),
                new ReplayRecord(),
                new ReplayHandshake(),
                new ReplayAfterRestart(),
                new Reorder(),
                new Drop(),
                new Duplicate(),
                new Truncate(),
                new PrefixTruncate(),
                new Reflect(),
                new MitmChangedKey(),
                new FirstContact(),
                new MitmClaimedKey(),
                new DowngradeSuite(),
                new DowngradeVersion(),
                new Hijack(),
                new ResetStorm());
    }
}
