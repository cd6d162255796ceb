package dev.parley.evidence;

import dev.parley.protocol.crypto.IdentitySignature;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Verifies a log: that each line follows the one before, that each checkpoint is signed by the key that the one before announced and
 * each anchor by the identity, and that the lines others vouch for are the ones in the log. It reads the files once, in the order of
 * their numbers, in constant memory.
 *
 * <p>A node may change its identity: the line that says so is signed by both. So a log holds for whoever knows any of the identities
 * that the node has had in it.
 *
 * <p>What it cannot see without a {@link SignedHead} from outside: that lines were cut off behind a checkpoint, or that somebody who
 * holds the identity key has written the log anew. Lines behind the last checkpoint are not sealed yet: whoever can write the file
 * can write them.
 */
public final class LogVerifier {
    private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String PEM_END = "-----END PUBLIC KEY-----";
    private static final int LINES_TO_FIND_A_NUMBER = 64;

    private final PeerId expected;
    private final List<SignedHead> heads;
    private final boolean stopped;

    /**
     * @param expected whose log it has to be; null to believe the log, which then shows only that one node wrote it
     * @param heads from outside; those of other nodes are ignored
     * @param stopped whether the node is known to have stopped in order, so that the log has to end with a stop
     */
    public LogVerifier(PeerId expected, List<SignedHead> heads, boolean stopped) {
        this.expected = expected;
        this.heads = List.copyOf(heads);
        this.stopped = stopped;
    }

    /**
     * As the constructor, with the identity as people have it.
     *
     * @param identity a PeerId, or a public key in PEM as the node shows it; null to believe the log
     * @throws IllegalArgumentException if it is neither
     */
    public static LogVerifier of(String identity, List<SignedHead> heads, boolean stopped) {
        return new LogVerifier(identity == null ? null : peer(identity.strip()), heads, stopped);
    }

    private static PeerId peer(String identity) {
        if (!identity.startsWith(PEM_BEGIN)) {
            return PeerId.parse(identity);
        }
        int end = identity.indexOf(PEM_END);
        try {
            byte[] spki =
                    end < 0 ? new byte[0] : Base64.getMimeDecoder().decode(identity.substring(PEM_BEGIN.length(), end));
            return PeerId.of(
                    LineHead.sha256().digest(IdentitySignature.publicKey(spki).getEncoded()));
        } catch (MalformedException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not the public key of a node", e);
        }
    }

    /**
     * Verifies the log that these files are, in any order.
     *
     * @throws IOException if one cannot be read
     */
    public Report verify(List<? extends LogFile> files) throws IOException {
        var ordered = ordered(files);
        var names = ordered.stream().map(LogFile::name).toList();
        var chain = new ChainCheck(expected, heads, stopped);
        for (int i = 0; i < ordered.size(); i++) {
            try (var reader = new LineReader(ordered.get(i).open())) {
                chain.begin(names.get(i), i == ordered.size() - 1);
                for (var line = reader.next(); line != null; line = reader.next()) {
                    chain.take(line);
                }
            }
        }
        return chain.report(names);
    }

    static List<? extends LogFile> ordered(List<? extends LogFile> files) throws IOException {
        if (files.size() < 2) {
            return files;
        }
        Map<LogFile, Long> first = new HashMap<>();
        for (LogFile file : files) {
            first.put(file, firstSeq(file));
        }
        var sorted = new ArrayList<LogFile>(files);
        sorted.sort(Comparator.<LogFile>comparingLong(first::get).thenComparing(LogFile::name));
        return sorted;
    }

    /** A file without any number comes last. */
    private static long firstSeq(LogFile file) throws IOException {
        try (var reader = new LineReader(file.open())) {
            var line = reader.next();
            for (int i = 0; i < LINES_TO_FIND_A_NUMBER && line != null; i++, line = reader.next()) {
                var head = LineHead.parse(line.start(), line.start().length);
                if (head != null) {
                    return head.seq();
                }
            }
        }
        return Long.MAX_VALUE;
    }
}
