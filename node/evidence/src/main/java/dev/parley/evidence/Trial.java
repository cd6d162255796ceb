package dev.parley.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Does every forgery to copies of a log, and looks whether each is caught. The log itself is only read. */
public final class Trial {
    private final List<Path> files;
    private final String identity;
    private final List<SignedHead> heads;
    private final Forgery.Loot loot;

    /**
     * @param files a whole log
     * @param identity as {@link LogVerifier#of} takes it; null to believe the log
     * @param heads from outside; may be empty
     * @param loot what the forger has
     */
    public Trial(List<Path> files, String identity, List<SignedHead> heads, Forgery.Loot loot) {
        this.files = List.copyOf(files);
        this.identity = identity;
        this.heads = List.copyOf(heads);
        this.loot = loot;
    }

    /**
     * What came of a forgery.
     *
     * @param tried false where the log is too short for it, or the forger lacks the identity key
     * @param finding what was found first; null if nothing
     * @param byHead whether only a head from outside shows it
     */
    public record Outcome(Forgery forgery, boolean tried, Finding finding, boolean byHead) {
        /** Whether it was caught as what it is. */
        public boolean caught() {
            return finding != null && forgery.caughtAs().contains(finding.kind());
        }
    }

    /** Verifies the log as it is. */
    public Report honest() throws IOException {
        return verify(files, heads);
    }

    /**
     * Tries one forgery.
     *
     * @param honest what {@link #honest} has returned: it holds
     * @param directory an empty one, for the copies, which are deleted afterwards
     */
    public Outcome attempt(Forgery forgery, Report honest, Path directory) throws IOException {
        if (forgery.needsIdentity() && loot.identity() == null) {
            return new Outcome(forgery, false, null, false);
        }
        var copies = new ArrayList<Path>();
        try {
            for (Path file : files) {
                var copy = directory.resolve(copies.size() + "-" + file.getFileName());
                copies.add(copy);
                Files.copy(file, copy);
            }
            if (!forgery.apply(copies, loot)) {
                return new Outcome(forgery, false, null, false);
            }
            var alone = verify(copies, List.of());
            if (!alone.holds()) {
                return new Outcome(forgery, true, alone.broken().getFirst(), false);
            }
            var known = new ArrayList<>(heads);
            known.add(SignedHead.remembered(honest));
            var broken = verify(copies, known).broken();
            return new Outcome(forgery, true, broken.isEmpty() ? null : broken.getFirst(), true);
        } finally {
            for (Path copy : copies) {
                Files.deleteIfExists(copy);
            }
        }
    }

    private Report verify(List<Path> log, List<SignedHead> known) throws IOException {
        return LogVerifier.of(identity, known, false)
                .verify(log.stream().map(LogFile::of).toList());
    }
}
