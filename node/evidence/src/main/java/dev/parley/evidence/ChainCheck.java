package dev.parley.evidence;

import dev.parley.evidence.Checkpoint.Reason;
import dev.parley.evidence.Finding.Kind;
import dev.parley.protocol.crypto.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One pass over the lines of a log. A line is judged only when the next one is known: that one may say that a crash has torn it.
 * After a break of the chain nothing further is judged; the rest is only read for the number that was missing there, which tells
 * lines in another order from lines that are gone.
 */
final class ChainCheck {
    private final HeadCheck heads;
    private final boolean stopped;
    private final List<Finding> broken = new ArrayList<>();
    private final List<Finding> notes = new ArrayList<>();

    private final PeerId expected;
    private final Identities identities = new Identities();

    private String file = "";
    private boolean lastFile;
    private long lineInFile;
    private Held held;
    private Held firstAnchor;

    private Held last;
    private byte[] announced;
    private Checkpoint lastCheckpoint;
    private long firstSeq;
    private String from;
    private long lines;
    private long checkpoints;
    private long anchors;
    private long starts;
    private long torn;
    private long unsealed;

    /** Ends the judging. */
    private Finding fatal;

    private long missing;
    /** Names another hash for the line before, which the line after it shows to be its own fault or not. */
    private Held doubtful;

    /** A line whose successor is awaited, and where it stands. */
    private record Held(LineReader.Line line, LineHead head, String file, long number) {
        long seq() {
            return head == null ? 0 : head.seq();
        }
    }

    ChainCheck(PeerId expected, List<SignedHead> heads, boolean stopped) {
        this.expected = expected;
        this.heads = new HeadCheck(heads);
        this.stopped = stopped;
        if (expected == null) {
            notes.add(new Finding(
                    Kind.IDENTITY_UNKNOWN,
                    "",
                    0,
                    0,
                    "nobody said whose log this is: the identity is taken from"
                            + " the log itself, which shows that one node wrote it, not which"));
        }
    }

    void begin(String name, boolean isLast) {
        file = name;
        lastFile = isLast;
        lineInFile = 0;
    }

    void take(LineReader.Line line) {
        lineInFile++;
        var head = LineHead.parse(line.start(), line.start().length);
        if (fatal != null) {
            lookFor(head);
            return;
        }
        if (held != null && saysTorn(line, head)) {
            torn++;
            notes.add(new Finding(
                    Kind.TORN_LINE,
                    held.file,
                    held.number,
                    0,
                    "a crash has torn this line after " + held.line.length()
                            + " bytes; the node found it when it started again, and said so"));
            held = null;
        }
        judgeHeld();
        held = new Held(line, head, file, lineInFile);
        if (fatal != null) {
            lookFor(head);
            lookAt(head);
        }
    }

    private boolean saysTorn(LineReader.Line line, LineHead head) {
        if (head == null || !head.event().equals(TornLine.EVENT) || !line.isWhole()) {
            return false;
        }
        var said = TornLine.parse(line.start(), line.start().length);
        return said != null && said.size() == held.line.length() && Arrays.equals(said.hash(), held.line.hash());
    }

    Report report(List<String> files) {
        boolean endsInside = held != null && !held.line.ended() && lastFile && fatal == null;
        if (endsInside && !goesOnBehindItsEnd(held.line)) {
            notes.add(new Finding(
                    Kind.TORN_END,
                    held.file,
                    held.number,
                    0,
                    "the log ends inside of a line, after " + held.line.length()
                            + " bytes of it: the node was killed while it wrote, or the end was cut off"));
        } else {
            judgeHeld();
        }
        if (fatal == null) {
            end();
        } else {
            broken.add(missing == 0 ? fatal : gone());
        }
        boolean foreign = isOfAnother();
        heads.report(identities.keys(), fatal == null ? lastSeq() : Long.MAX_VALUE, firstSeq, file, broken, notes);
        return foreign ? nothing(files) : found(files);
    }

    private Report found(List<String> files) {
        return new Report(
                whose(),
                identities.names(),
                files,
                lines,
                firstSeq,
                lastSeq(),
                from,
                last == null ? null : last.head.time(),
                last == null ? null : last.line.hash(),
                checkpoints,
                anchors,
                starts,
                torn,
                unsealed,
                heads.agreeing(),
                List.copyOf(broken),
                List.copyOf(notes));
    }

    /** Of the log of another node no line is one of this node's. */
    private Report nothing(List<String> files) {
        return new Report(
                whose(),
                identities.names(),
                files,
                0,
                0,
                0,
                null,
                null,
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                List.copyOf(broken),
                List.copyOf(notes));
    }

    private String whose() {
        if (expected != null) {
            return expected.toString();
        }
        return identities.present() == null ? null : identities.present().toString();
    }

    /** An identity that was asked for may be the first of the log, or come later, where those before it have handed over. */
    private boolean isOfAnother() {
        if (expected == null
                || identities.present() == null
                || identities.keys().containsKey(expected)) {
            return false;
        }
        var finding = new Finding(
                Kind.SPLICED,
                firstAnchor.file,
                firstAnchor.number,
                firstAnchor.seq(),
                "this is of the log of another node, " + identities.first() + ", and "
                        + (fatal == null ? "nothing in it" : "nothing of it that holds") + " leads to " + expected
                        + (firstSeq > 1
                                ? ": if that node has changed its key to this one, the line that shows it is in an older file"
                                : ""));
        if (fatal == null) {
            broken.addFirst(finding);
        } else {
            broken.add(finding);
        }
        return fatal == null;
    }

    private long lastSeq() {
        return last == null ? 0 : last.seq();
    }

    private void judgeHeld() {
        if (held != null && fatal == null) {
            judge(held);
        }
    }

    private void judge(Held line) {
        if (line.head == null) {
            fail(Kind.EDITED, line, "this is no line of net.log: it was edited, or put here");
        } else if (line.head.prev() == null) {
            fail(
                    Kind.UNSEALED,
                    line,
                    "this line is not chained to the one before: it was not written by a node that seals its log");
        } else {
            var checkpoint = line.head.event().equals(Checkpoint.EVENT) ? parse(line) : null;
            if (line.head.event().equals(Checkpoint.EVENT) && checkpoint == null) {
                fail(
                        Kind.EDITED,
                        line,
                        "this checkpoint does not have the form in which nodes write them: it was edited");
            } else if (belongs(line, checkpoint) && follows(line, checkpoint) && isSealed(line, checkpoint)) {
                accept(line, checkpoint);
            }
        }
    }

    private static Checkpoint parse(Held line) {
        return line.line.isWhole() ? Checkpoint.parse(line.line.start(), line.line.start().length) : null;
    }

    private boolean belongs(Held line, Checkpoint checkpoint) {
        if (checkpoint == null || checkpoint.identity() == null) {
            return true;
        }
        boolean succession = checkpoint.reason() == Reason.SUCCESSION;
        var until = succession ? checkpoint.previousPeer() : checkpoint.peer();
        if (identities.present() == null) {
            var key = succession ? checkpoint.previousKey() : checkpoint.identityKey();
            if (key != null) {
                firstAnchor = line;
                identities.take(until, key);
            }
        } else if (!until.equals(identities.present())) {
            return fail(Kind.SPLICED, line, "this is of the log of another node, " + until);
        }
        boolean keys = identities.present() != null
                && (!succession
                        || checkpoint.identityKey() != null
                                && !checkpoint.peer().equals(until));
        return keys || fail(Kind.RECHAINED, line, "the identity in this checkpoint is no key of a node");
    }

    private boolean follows(Held line, Checkpoint checkpoint) {
        if (last == null) {
            return begins(line, checkpoint);
        }
        long expected = last.seq() + 1;
        if (line.seq() > expected) {
            missing = expected;
            return fail(Kind.DELETED, line, "");
        }
        if (line.seq() < expected) {
            return fail(
                    Kind.INSERTED,
                    line,
                    "the number " + line.seq() + " was there before, and " + last.seq()
                            + " is the line above: a line was inserted or repeated, or a file was given twice");
        }
        if (!Arrays.equals(line.head.prev(), last.line.hash())) {
            doubtful = line;
            return fail(
                    Kind.EDITED,
                    last,
                    (line.file.equals(last.file) ? "" : "at the border to " + line.file + ": ")
                            + "the line after this one names another hash for it: this line, or one between it and the checkpoint"
                            + " before, was edited");
        }
        if (line.head.time().compareTo(last.head.time()) < 0) {
            clock(line);
        }
        return true;
    }

    private boolean begins(Held line, Checkpoint checkpoint) {
        if (line.seq() == 1) {
            return Arrays.equals(line.head.prev(), LineHead.noLine())
                    || fail(Kind.EDITED, line, "line 1 of a log follows no line, this one says it does: it was edited");
        }
        if (checkpoint != null && checkpoint.reason() == Reason.ROTATED) {
            notes.add(new Finding(
                    Kind.BEGINS_LATER,
                    line.file,
                    line.number,
                    line.seq(),
                    "the log is verified from line " + line.seq()
                            + " on: what was before is in files that are not here"));
            return true;
        }
        return fail(
                Kind.DELETED,
                line,
                "the log begins with line " + line.seq()
                        + ", which is not the first of a file: the lines before it were cut off");
    }

    private void clock(Held line) {
        if (line.head.event().equals(ClockSetBack.EVENT)) {
            notes.add(new Finding(
                    Kind.CLOCK_SET_BACK,
                    line.file,
                    line.number,
                    line.seq(),
                    "the clock was set back from " + last.head.time() + " to " + line.head.time()
                            + ", and the node said so"));
        } else {
            broken.add(new Finding(
                    Kind.CLOCK_BACKWARDS,
                    line.file,
                    line.number,
                    line.seq(),
                    "the clock runs backwards, from " + last.head.time() + " to " + line.head.time()
                            + ": no node writes that"));
        }
    }

    private boolean isSealed(Held line, Checkpoint checkpoint) {
        if (checkpoint == null) {
            return true;
        }
        var reason = checkpoint.reason();
        var peer = identities.present();
        if (!isAnchored(line, checkpoint)) {
            return false;
        }
        if (!reason.chained()) {
            if (reason == Reason.RENEWED || lastCheckpoint != null || firstSeq > 1) {
                broken.add(new Finding(
                        Kind.KEY_LOST,
                        line.file,
                        line.number,
                        line.seq(),
                        "the chain of keys is broken here: the node"
                                + " found that its key for this log was missing or did not fit, and began again. Files were lost or"
                                + " put back, or the end before this line was cut off"));
            }
            return true;
        }
        if (announced == null) {
            return last == null && reason == Reason.ROTATED
                    || fail(
                            Kind.RECHAINED,
                            line,
                            "nothing vouches for the key of this checkpoint: there is none before that the"
                                    + " identity has signed");
        }
        return checkpoint.signedBy(announced, peer)
                || fail(
                        Kind.RESEALED,
                        line,
                        "this checkpoint is not signed by the key that the one before announced: the lines"
                                + " since line " + lastCheckpoint.seq()
                                + " were written anew and sealed with another key");
    }

    private boolean isAnchored(Held line, Checkpoint checkpoint) {
        if (!checkpoint.reason().anchor()) {
            return true;
        }
        var peer = identities.present();
        if (checkpoint.reason() == Reason.SUCCESSION) {
            if (!checkpoint.handedOverBy(identities.key(), peer)) {
                return fail(
                        Kind.RECHAINED,
                        line,
                        "the identity " + peer + " has not signed that " + checkpoint.peer()
                                + " takes its place: somebody who does not hold its key says so");
            }
            return checkpoint.signedBy(checkpoint.identityKey(), peer)
                    || fail(
                            Kind.RECHAINED,
                            line,
                            "the identity " + checkpoint.peer() + " has not signed that it takes the place of " + peer);
        }
        return checkpoint.signedBy(identities.key(), peer)
                || fail(
                        Kind.RECHAINED,
                        line,
                        "the identity " + peer
                                + " has not signed this checkpoint: the chain was made anew by somebody who does not hold its key");
    }

    private void accept(Held line, Checkpoint checkpoint) {
        if (last == null) {
            firstSeq = line.seq();
            from = line.head.time();
        }
        last = line;
        lines++;
        unsealed++;
        heads.line(line.seq(), line.line.hash(), line.file, line.number);
        if (checkpoint != null) {
            checkpoints++;
            unsealed = 0;
            anchors += checkpoint.reason().anchor() ? 1 : 0;
            starts += switch (checkpoint.reason()) {
                case FIRST, RENEWED, START -> 1;
                case ROTATED, SUCCESSION, LINES, TIME, STOP -> 0;
            };
            if (checkpoint.reason() == Reason.SUCCESSION) {
                notes.add(new Finding(
                        Kind.IDENTITY_CHANGED,
                        line.file,
                        line.number,
                        line.seq(),
                        "the node changed its identity key here, from " + identities.present() + " to "
                                + checkpoint.peer() + ", and both have signed that"));
                identities.take(checkpoint.peer(), checkpoint.identityKey());
            }
            announced = checkpoint.next();
            lastCheckpoint = checkpoint;
        }
    }

    private void end() {
        if (last == null) {
            broken.add(new Finding(Kind.UNSEALED, file, 0, 0, "there is no line"));
            return;
        }
        if (lastCheckpoint == null) {
            broken.add(new Finding(
                    Kind.UNSEALED, last.file, last.number, last.seq(), "there is no checkpoint: nothing is sealed"));
            return;
        }
        if (unsealed > 0 || lastCheckpoint.reason() != Reason.STOP) {
            var text =
                    "the log does not end with a stop checkpoint: the node runs, or was killed, or the end was cut off."
                            + " Only a head of it that somebody else keeps tells these apart";
            (stopped ? broken : notes)
                    .add(new Finding(stopped ? Kind.CUT : Kind.NO_STOP, last.file, last.number, last.seq(), text));
        }
    }

    /** A crash leaves the beginning of a line; what goes on behind the object's end was changed. */
    private static boolean goesOnBehindItsEnd(LineReader.Line line) {
        boolean inText = false;
        byte[] start = line.start();
        int depth = 0;
        for (int i = 0; i < start.length; i++) {
            byte each = start[i];
            if (inText) {
                i += each == '\\' ? 1 : 0;
                inText = each != '"';
            } else if (each == '"') {
                inText = true;
            } else if (each == '{' || each == '[') {
                depth++;
            } else if (each == '}' || each == ']') {
                depth--;
                if (depth <= 0) {
                    return i + 1 < line.length();
                }
            } else if (depth == 0) {
                return true;
            }
        }
        return false;
    }

    private boolean fail(Kind kind, Held line, String text) {
        fatal = new Finding(kind, line.file, line.number, line.seq(), text);
        return false;
    }

    /** Of two lines that do not fit, the second is the edited one if the third does not fit it either. */
    private void lookAt(LineHead third) {
        if (doubtful != null && third != null && !Arrays.equals(third.prev(), doubtful.line.hash())) {
            fatal = new Finding(
                    Kind.EDITED,
                    doubtful.file,
                    doubtful.number,
                    doubtful.seq(),
                    "this line fits neither the one before nor the" + " one after it: it was edited");
        }
        doubtful = null;
    }

    private void lookFor(LineHead head) {
        if (missing != 0 && head != null && head.seq() == missing) {
            fatal = new Finding(
                    Kind.REORDERED,
                    fatal.file(),
                    fatal.line(),
                    fatal.seq(),
                    "line " + fatal.seq() + " stands where line "
                            + missing + " belongs, which comes later (" + file + ", line " + lineInFile
                            + "): lines were put in another order");
            missing = 0;
        }
    }

    private Finding gone() {
        long to = fatal.seq() - 1;
        return new Finding(
                Kind.DELETED,
                fatal.file(),
                fatal.line(),
                fatal.seq(),
                "line " + fatal.seq() + " follows line "
                        + (missing - 1) + ": "
                        + (missing == to ? "line " + to + " was" : "the lines " + missing + " to " + to + " were")
                        + " deleted, or their file is not here");
    }
}
