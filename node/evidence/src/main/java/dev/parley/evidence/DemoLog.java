package dev.parley.evidence;

import dev.parley.evidence.Checkpoint.Reason;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An honest log whose keys are known, as no real log's are: three files, two starts of the node, a change of its identity key, a
 * line torn by a crash, a stop.
 *
 * @param files the oldest first
 * @param peer PeerId of the node whose log it is, the one that it has at the end
 * @param previousPeer the one that it had before
 * @param heads that somebody else has kept
 * @param loot what a thief would find on the node today
 */
public record DemoLog(List<Path> files, String peer, String previousPeer, List<SignedHead> heads, Forgery.Loot loot) {
    private static final int BITS = 2_048;
    private static final int LINES = 60;
    private static final int BETWEEN_CHECKPOINTS = 12;
    private static final int SUCCESSION_AFTER = 30;
    private static final int FILES = 3;
    private static final Instant BEGIN = Instant.parse("2026-01-02T12:00:00Z");

    /** Writes one. */
    public static DemoLog write(Path directory, SecureRandom random) throws IOException {
        var before = IdentityKey.generate(BITS, random);
        var identity = IdentityKey.generate(BITS, random);
        var sealer = Sealer.begin(before, random);
        var log = new SealedLog(sealer);
        var files = new ArrayList<Path>();
        var heads = new ArrayList<SignedHead>();
        var time = BEGIN;
        log.line(time, "NODE_STARTED", "").checkpoint(Reason.FIRST, time);
        for (int file = FILES; file > 0; file--) {
            if (file < FILES) {
                log.checkpoint(Reason.ROTATED, time);
            }
            for (int line = 1; line <= LINES; line++) {
                time = time.plusMillis(250);
                log.line(time, "MESSAGE_RECEIVED", "\"size\":" + line);
                if (line % BETWEEN_CHECKPOINTS == 0) {
                    log.checkpoint(Reason.TIME, time);
                }
                if (file == FILES && line == SUCCESSION_AFTER) {
                    sealer.succeed(identity);
                    log.checkpoint(Reason.SUCCESSION, time);
                }
            }
            byte[] crashed = new byte[0];
            if (file == 2) {
                crashed = crash(log, time);
                heads.add(log.head(time));
                log.line(time, "NODE_STARTED", "").checkpoint(Reason.START, time);
            }
            if (file == 1) {
                log.line(time, "NODE_STOPPED", "").checkpoint(Reason.STOP, time);
                heads.add(log.head(time));
            }
            files.add(place(directory, file, crashed, log.file()));
        }
        return new DemoLog(
                List.copyOf(files),
                identity.peerId().toString(),
                before.peerId().toString(),
                List.copyOf(heads),
                new Forgery.Loot(identity, sealer));
    }

    private static Path place(Path directory, int file, byte[] before, byte[] lines) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(before);
        out.writeBytes(lines);
        return Files.write(directory.resolve(file == 1 ? "net.log" : "net.log." + (file - 1)), out.toByteArray());
    }

    /** A torn line, and what the node says of it when it starts again. @return all that is in the file before */
    private static byte[] crash(SealedLog log, Instant time) {
        byte[] torn = "{\"time\":\"2026-01-02T12:0".getBytes(StandardCharsets.US_ASCII);
        var before = new ByteArrayOutputStream();
        before.writeBytes(log.file());
        before.writeBytes(torn);
        before.write('\n');
        var said = new TornLine(torn.length, LineHead.sha256().digest(torn));
        log.line(time, TornLine.EVENT, "\"size\":" + said.size() + ",\"sha256\":\"" + said.sha256() + '"');
        return before.toByteArray();
    }
}
