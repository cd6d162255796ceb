package dev.parley.evidence;

import dev.parley.evidence.Checkpoint.Reason;
import dev.parley.evidence.Finding.Kind;
import dev.parley.evidence.LogCopies.Survey;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What somebody might do to a log that must not be believed. Each is done to copies, and each has to be caught. */
public enum Forgery {
    /** One digit of one line. */
    EDIT("edit one line", Kind.EDITED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            copies.forge((index, line) -> List.of(index == survey.target() ? edited(line) : line));
        }
    },
    /** One digit of one line, and the hashes of those that follow. */
    EDIT_AND_CHAIN("edit one line and make the lines after it fit", Kind.EDITED, Kind.RESEALED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            var chain = new Chainer[1];
            copies.forge((index, line) -> List.of(chainFrom(survey, chain, index, line, false)));
        }
    },
    /** One line is gone. */
    DELETE("delete one line", Kind.DELETED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            copies.forge((index, line) -> index == survey.target() ? List.of() : List.of(line));
        }
    },
    /** A line that never was, made to fit the one before it. */
    INSERT("insert a line", Kind.INSERTED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            copies.forge((index, line) -> {
                if (index != survey.target()) {
                    return List.of(line);
                }
                var head = LineHead.parse(line, line.length);
                return List.of(
                        line,
                        invented(
                                head.time(),
                                new Chainer(head.seq(), LineHead.sha256().digest(line))));
            });
        }
    },
    /** Two lines change places. */
    REORDER("swap two lines", Kind.REORDERED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            var kept = new byte[1][];
            copies.forge((index, line) -> {
                if (index == survey.target()) {
                    kept[0] = line;
                    return List.of();
                }
                return index == survey.target() + 1 ? List.of(line, kept[0]) : List.of(line);
            });
        }
    },
    /**
     * The second half is gone. Only who keeps a head of the log can know, or who knows the node by an identity that it has taken in
     * that half.
     */
    CUT("cut off the end", Kind.CUT, Kind.SPLICED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            copies.forge((index, line) -> index > survey.target() ? List.of() : List.of(line));
        }
    },
    /** The second half is gone, and the log goes on from there with the key that the node has today. */
    CUT_AND_GO_ON("cut off the end and go on with today's key", Kind.RESEALED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            var chain = new Chainer[1];
            copies.forge((index, line) -> {
                if (index > survey.target()) {
                    return List.of();
                }
                if (index == survey.target()) {
                    chain[0] = new Chainer(
                            LineHead.parse(line, line.length).seq(),
                            LineHead.sha256().digest(line));
                }
                return List.of(line);
            });
            copies.append(loot.log(chain[0].nextSeq() - 1, chain[0].head())
                    .checkpoint(Reason.START, Instant.parse(survey.lastTime()))
                    .line(Instant.parse(survey.lastTime()), "NODE_STARTED", "")
                    .checkpoint(Reason.STOP, Instant.parse(survey.lastTime()))
                    .file());
        }
    },
    /** The second half is that of another node, chained to the first. */
    SPLICE("go on with the log of another node", Kind.SPLICED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            var chain = new Chainer[1];
            copies.forge((index, line) -> {
                if (index == survey.target()) {
                    chain[0] = new Chainer(
                            LineHead.parse(line, line.length).seq(),
                            LineHead.sha256().digest(line));
                }
                return index > survey.target() ? List.of() : List.of(line);
            });
            var random = new SecureRandom();
            var other = Sealer.begin(IdentityKey.generate(OTHER_BITS, random), random);
            var time = Instant.parse(survey.lastTime());
            new SealedLog(other).checkpoint(Reason.FIRST, time);
            copies.append(new SealedLog(other, chain[0].nextSeq() - 1, chain[0].head())
                    .checkpoint(Reason.ROTATED, time)
                    .line(time, "NODE_STARTED", "")
                    .checkpoint(Reason.STOP, time)
                    .file());
        }
    },
    /** A thief of today's keys, but not of the identity, has one of his own take its place. */
    TAKE_OVER("go on with an identity of one's own, as if the node had changed its key", Kind.RECHAINED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            var end = new Chainer[1];
            copies.forge((index, line) -> {
                var head = LineHead.parse(line, line.length);
                if (head != null && head.seq() == survey.lastSeq()) {
                    end[0] = new Chainer(head.seq(), LineHead.sha256().digest(line));
                }
                return List.of(line);
            });
            var own = IdentityKey.generate(OTHER_BITS, new SecureRandom());
            var keys = loot.today().keys();
            byte[] line = Checkpoint.signSuccession(
                            survey.lastTime(),
                            end[0].nextSeq(),
                            end[0].head(),
                            keys.following().publicKey(),
                            keys.present(),
                            survey.lastSpki(),
                            own,
                            own)
                    .line();
            copies.append(line);
            copies.append(new byte[] {'\n'});
        }
    },
    /** All of it is written anew by somebody who has no key of the node. */
    CHAIN_ANEW("write all of it anew with keys of one's own", Kind.RECHAINED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            var random = new SecureRandom();
            anew(copies, survey, IdentityKey.generate(OTHER_BITS, random), survey.spki(), random);
        }
    },
    /** All of it is written anew by somebody who has stolen the identity key. Only who keeps a head of the log can know. */
    CHAIN_ANEW_WITH_THE_IDENTITY("write all of it anew with the stolen identity key", Kind.REPLACED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            anew(copies, survey, loot.identity(), loot.identity().spki(), new SecureRandom());
        }
    },
    /** Lines as a node without seals writes them. */
    UNSEAL("replace lines by unsealed ones", Kind.UNSEALED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            copies.forge((index, line) -> {
                if (index < survey.target()) {
                    return List.of(line);
                }
                var head = LineHead.parse(line, line.length);
                if (head == null || head.event().equals(Checkpoint.EVENT)) {
                    return List.of();
                }
                var text = new String(line, StandardCharsets.ISO_8859_1).replaceFirst(",\"prev\":\"[\\w-]*\"", "");
                return List.of(text.getBytes(StandardCharsets.ISO_8859_1));
            });
        }
    },
    /** A line of yesterday is edited, and all after it is sealed again with the key that the node has today. */
    SEAL_AGAIN("edit yesterday and seal it again with today's key", Kind.RESEALED) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            var chain = new Chainer[1];
            copies.forge((index, line) -> {
                var head = LineHead.parse(line, line.length);
                if (index <= survey.target() || head == null || !head.event().equals(Checkpoint.EVENT)) {
                    return List.of(chainFrom(survey, chain, index, line, false));
                }
                var reason = Checkpoint.parse(line, line.length).reason();
                var sealed = loot.today()
                        .checkpoint(
                                reason.chained() && !reason.anchor() ? reason : Reason.TIME,
                                head.time(),
                                chain[0].nextSeq(),
                                chain[0].head());
                loot.today().written();
                return List.of(chain[0].follow(sealed.line()));
            });
        }
    },
    /** Whoever has today's key goes on with times of yesterday. */
    TURN_BACK_THE_CLOCK("go on with times of yesterday", Kind.CLOCK_BACKWARDS) {
        @Override
        void forge(LogCopies copies, Survey survey, Loot loot) throws IOException {
            var chain = new Chainer[1];
            copies.forge((index, line) -> {
                var head = LineHead.parse(line, line.length);
                if (head != null && head.seq() == survey.lastSeq()) {
                    chain[0] = new Chainer(head.seq(), LineHead.sha256().digest(line));
                }
                return List.of(line);
            });
            copies.append(new SealedLog(loot.today(), survey.lastSeq(), chain[0].head())
                    .line(Instant.parse(survey.lastTime()).minus(Duration.ofDays(1)), "NODE_STARTED", "")
                    .file());
        }
    };

    private static final int OTHER_BITS = 2_048;

    private final String what;
    private final Set<Kind> caught;

    Forgery(String what, Kind... caught) {
        this.what = what;
        this.caught = Set.of(caught);
    }

    /**
     * What a thief has.
     *
     * @param identity the identity key; null if it was not stolen
     * @param today the keys of checkpoints that the node has now; where nobody has stolen any, keys of the thief's own
     */
    public record Loot(IdentityKey identity, Sealer today) {
        /** Of a thief who has stolen nothing, and makes keys of his own. */
        public static Loot none() {
            var random = new SecureRandom();
            var own = Sealer.begin(IdentityKey.generate(OTHER_BITS, random), random);
            new SealedLog(own).checkpoint(Reason.FIRST, Instant.EPOCH);
            return new Loot(null, own);
        }

        private SealedLog log(long seq, byte[] head) {
            return new SealedLog(today, seq, head);
        }
    }

    /** In words. */
    public String what() {
        return what;
    }

    /** As what it has to be caught. */
    public Set<Kind> caughtAs() {
        return caught;
    }

    /** Whether it can be caught only with a head of the log that somebody else has kept. */
    public boolean needsHead() {
        return caught.contains(Kind.CUT) || caught.contains(Kind.REPLACED);
    }

    /** Whether only who has stolen the identity key can do it. */
    public boolean needsIdentity() {
        return this == CHAIN_ANEW_WITH_THE_IDENTITY;
    }

    /** Whether it shows more when the thief has today's keys. */
    public boolean wantsTodaysKey() {
        return this == SEAL_AGAIN || this == CUT_AND_GO_ON;
    }

    /**
     * Does it.
     *
     * @param files copies of a whole log, in any order; they are overwritten
     * @return false if the log is too short for it: it needs two plain lines in a row that a checkpoint covers
     * @throws IOException if the files cannot be read or written
     */
    public boolean apply(List<Path> files, Loot loot) throws IOException {
        var copies = new LogCopies(LogCopies.inOrder(files));
        var survey = copies.survey();
        if (survey == null) {
            return false;
        }
        try (var today = loot.today().copy()) {
            forge(copies, survey, new Loot(loot.identity(), today));
        }
        return true;
    }

    abstract void forge(LogCopies copies, Survey survey, Loot loot) throws IOException;

    /** The last digit of the time. */
    private static byte[] edited(byte[] line) {
        byte[] other = line.clone();
        int digit = "{\"time\":\"".length() + LineHead.TIME_LENGTH - 2;
        other[digit] = (byte) ('0' + (other[digit] - '0' + 1) % 10);
        return other;
    }

    private static byte[] invented(String time, Chainer chain) {
        return chain.follow((LineHead.text(time, chain.nextSeq(), chain.head(), "INFO", "NODE_STOPPING")
                        + ",\"reason\":\"asked to\"}")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** The target is edited, the lines after it are chained to it; checkpoints keep their signatures unless they are left out. */
    private static byte[] chainFrom(Survey survey, Chainer[] chain, long index, byte[] line, boolean all) {
        if (index < survey.target() && !all) {
            return line;
        }
        if (chain[0] == null) {
            var head = LineHead.parse(line, line.length);
            chain[0] = new Chainer(head.seq() - 1, head.prev());
        }
        return chain[0].chain(index == survey.target() ? edited(line) : line);
    }

    /** Every line is chained from the first on, every checkpoint made anew, anchors in the name of the node. @param spki that name */
    private static void anew(LogCopies copies, Survey survey, IdentityKey identity, byte[] spki, SecureRandom random)
            throws IOException {
        var chain = new Chainer[1];
        var sealer = Sealer.begin(identity, random);
        copies.forge((index, line) -> {
            var head = LineHead.parse(line, line.length);
            if (head == null || !head.event().equals(Checkpoint.EVENT)) {
                return List.of(chainFrom(survey, chain, index, line, true));
            }
            if (chain[0] == null) {
                chain[0] = new Chainer(head.seq() - 1, head.prev());
            }
            var was = Checkpoint.parse(line, line.length);
            // One identity from the beginning: nobody else has handed over to it.
            var kept = was.reason() == Reason.SUCCESSION ? Reason.TIME : was.reason();
            var reason = sealer.begins() ? first(kept) : kept;
            if (sealer.begins() && reason.chained()) {
                // A log whose beginning is elsewhere: some key has signed the anchor, nobody can know which.
                new SealedLog(sealer).checkpoint(Reason.FIRST, Instant.parse(head.time()));
            }
            var made = sealer.checkpoint(reason, head.time(), chain[0].nextSeq(), chain[0].head());
            sealer.written();
            var named = new Checkpoint(
                    made.time(),
                    made.seq(),
                    made.head(),
                    made.reason(),
                    made.next(),
                    made.signature(),
                    made.identity() == null ? null : spki,
                    made.identitySignature(),
                    null,
                    null);
            return List.of(chain[0].follow(named.line()));
        });
    }

    private static Reason first(Reason was) {
        return was == Reason.ROTATED ? was : Reason.FIRST;
    }
}
