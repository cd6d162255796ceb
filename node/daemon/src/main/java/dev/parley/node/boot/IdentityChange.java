package dev.parley.node.boot;

import dev.parley.node.audit.AuditLog;
import dev.parley.node.audit.NodeEvent;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.store.CrashPoint;
import dev.parley.node.store.StateFile;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.crypto.Succession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * How one identity key takes another's place, at a start and nowhere else. The files, all in the data directory:
 * {@code identity.pem}, the key and its certificates; {@code identity-next.pem}, one that was prepared; {@code identity-old.pem}, the
 * one before until net.log knows of the change. In this order, and after a death at any point the next start goes on from there:
 *
 * <ol>
 *   <li>the old key signs the certificate of the new one, into {@code identity-next.pem};
 *   <li>the store's key is wrapped for the new one (that is the store's own step);
 *   <li>the old key hands net.log over to the new one, with a checkpoint that both sign (that is the log's own step);
 *   <li>{@code identity.pem} is renamed to {@code identity-old.pem}, {@code identity-next.pem} to {@code identity.pem};
 *   <li>net.log is told, the old file is overwritten, forced and deleted.
 * </ol>
 */
final class IdentityChange {
    /** A clock that is behind by this much still takes the certificate. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    /** Two checkpoints and three files forced to a slow disk. */
    private static final Duration SEALED_WITHIN = Duration.ofSeconds(30);

    private static final Logger LOG = Logger.getLogger(IdentityChange.class);
    private static final Pattern GRACE = Pattern.compile("(?m)^grace-seconds: ([0-9]{1,10})$");
    private static final Pattern IMPORTED = Pattern.compile("(?m)^imported$");

    private final Path directory;
    private final Path current;
    private final Path next;
    private final Path old;
    private final ParleyConfig.Identity config;
    private Optional<IdentityKey> before = Optional.empty();

    IdentityChange(Path directory, ParleyConfig.Identity config) {
        this.directory = directory;
        this.current = directory.resolve("identity.pem");
        this.next = directory.resolve("identity-next.pem");
        this.old = directory.resolve("identity-old.pem");
        this.config = config;
    }

    /** Whether there is a key, prepared or in its place. */
    boolean hasKey() {
        return Files.exists(current) || Files.exists(next) || Files.exists(old);
    }

    /** The key of this start, certified by the one before where it was prepared so. @throws StartupFailure if one cannot be read */
    IdentityKey load() {
        try {
            if (!Files.exists(next)) {
                if (!Files.exists(current)) {
                    rename(old, current);
                }
                return file(current).load();
            }
            Path from = Files.exists(current) ? current : old;
            if (Files.exists(from)) {
                before = Optional.of(file(from).load());
            }
            IdentityKey key = file(next).load();
            if (before.isPresent() && !before.get().peerId().equals(key.peerId())) {
                certify(before.get(), file(from).certificates(), key);
            }
            return key;
        } catch (IOException e) {
            throw StartupFailure.state("the identity key cannot be changed: " + e.getMessage(), e);
        }
    }

    /** The key until now, where another takes its place at this start; empty once that is {@link #complete}. */
    Optional<IdentityKey> before() {
        return before;
    }

    /** What the key of this start shows of where it comes from. */
    List<byte[]> chain() {
        return file(Files.exists(next) ? next : current).certificates();
    }

    /** Once the store opens with the new key. @param sealed completes once net.log is sealed by the new key */
    void complete(IdentityKey key, AuditLog audit, CompletionStage<Void> sealed) {
        try {
            CrashPoint.IDENTITY_REWRAPPED.reached();
            if (Files.exists(next)) {
                awaitSeal(sealed);
                CrashPoint.IDENTITY_SEALED.reached();
                if (Files.exists(current)) {
                    rename(current, old);
                    CrashPoint.IDENTITY_ASIDE.reached();
                }
                rename(next, current);
                CrashPoint.IDENTITY_IN_PLACE.reached();
            }
            if (Files.exists(old)) {
                tell(key, audit);
                CrashPoint.IDENTITY_LOGGED.reached();
                wipe(old);
                LOG.warnf("this node has another identity key now: %s; the old one is destroyed", key.peerId());
            }
            before = Optional.empty();
        } catch (IOException e) {
            throw StartupFailure.state("the identity key cannot be changed: " + e.getMessage(), e);
        }
    }

    /** Without the old key nobody could hand the log over: it stays until that is done. */
    private static void awaitSeal(CompletionStage<Void> sealed) {
        try {
            sealed.toCompletableFuture().get(SEALED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw StartupFailure.state(
                    "the identity key is not changed before net.log can be written, which it cannot: free the disk, or correct"
                            + " the permissions, and start the node again",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StartupFailure.state("interrupted while the identity key was changed", e);
        }
    }

    /** Whose key is prepared for the next start. */
    Optional<PeerId> prepared() {
        return Files.exists(next) ? Optional.of(file(next).load().peerId()) : Optional.empty();
    }

    /** Has a key take the place of the present one at the next start, named by that. */
    void prepareRotation(IdentityKey key, Duration grace) throws IOException {
        write("grace-seconds: " + grace.toSeconds() + "\n" + file(next).pem(key));
    }

    /** Has a key from elsewhere take the place of the present one at the next start. @param certificates its own */
    void prepareImport(IdentityKey key, List<byte[]> certificates) throws IOException {
        var text = new StringBuilder("imported\n").append(file(next).pem(key));
        certificates.forEach(each -> text.append(IdentityKey.certificatePem(each)));
        write(text.toString());
    }

    void cancel() throws IOException {
        wipe(next);
    }

    private void certify(IdentityKey signer, List<byte[]> chain, IdentityKey key) throws IOException {
        String text = Files.readString(next, StandardCharsets.US_ASCII);
        var grace = GRACE.matcher(text);
        if (!grace.find() || !IdentityKey.certificates(text).isEmpty()) {
            return;
        }
        long now = System.currentTimeMillis();
        long end = now + Duration.ofSeconds(Long.parseLong(grace.group(1))).toMillis();
        var certified = new StringBuilder(text);
        Succession.certify(signer, key, now - CLOCKS_DIFFER.toMillis(), end, chain, new SecureRandom())
                .forEach(each -> certified.append(IdentityKey.certificatePem(each)));
        write(certified.toString());
        CrashPoint.IDENTITY_CERTIFIED.reached();
    }

    private void tell(IdentityKey key, AuditLog audit) {
        PeerId was;
        try {
            was = before.isPresent() ? before.get().peerId() : file(old).load().peerId();
        } catch (StartupFailure overwritten) {
            // Half destroyed by a start that died: net.log had it before that began.
            return;
        }
        String text = text(current);
        boolean imported = IMPORTED.matcher(text).find();
        audit.record(new NodeEvent.IdentityRotated(
                        key.peerId().toString(),
                        was.toString(),
                        imported ? "imported" : "rotated",
                        imported ? null : graceEnd(key).orElse(null)))
                .toCompletableFuture()
                .join();
    }

    /** Until when peers accept the present key as the successor of the one before. */
    Optional<Instant> graceEnd(IdentityKey key) {
        return step(key).map(step -> Instant.ofEpochMilli(step.notAfter()));
    }

    /** How the present key came after the one before, where it did. */
    Optional<Succession.Step> step(IdentityKey key) {
        return Succession.of(dev.parley.protocol.crypto.Identity.of(key, "", "", chain())).stream()
                .findFirst();
    }

    private void write(String text) throws IOException {
        StateFile.replace(next, text.getBytes(StandardCharsets.US_ASCII));
    }

    private IdentityFile file(Path path) {
        return new IdentityFile(path, config);
    }

    private static String text(Path path) {
        try {
            return Files.readString(path, StandardCharsets.US_ASCII);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync();
    }

    /** As well as a program can: what the disk itself keeps of overwritten blocks is beyond it. */
    private void wipe(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate((int) channel.size());
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
            channel.force(true);
        }
        CrashPoint.IDENTITY_WIPED.reached();
        Files.delete(file);
        sync();
    }

    private void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
