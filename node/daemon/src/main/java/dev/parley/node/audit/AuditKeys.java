package dev.parley.node.audit;

import dev.parley.evidence.SealKey;
import dev.parley.evidence.Sealer;
import dev.parley.protocol.crypto.Aead;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.KeyTransport;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Reader;
import dev.parley.protocol.wire.Writer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;

/**
 * {@code audit.key}: the keys of the next two checkpoints, mode 0600, replaced as a whole. Sealed with AES-256-GCM under a key that
 * is made at each start and wrapped for the identity key, so that whoever has the file needs identity.pem, and its passphrase, too.
 *
 * <pre>
 * "PARLEYK1" | u16 length | wrapped key | u64 n | sealed: u8 count, count x (private half, 32 bytes | public half, 32 bytes)
 * </pre>
 */
final class AuditKeys implements AutoCloseable {
    private static final byte[] MAGIC = "PARLEYK1".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST = 4 << 10;

    private final Path path;
    private final byte[] header;
    private final Aead cipher;
    private long n;

    AuditKeys(Path path, IdentityKey identity, SecureRandom random) {
        this.path = path;
        byte[] key = new byte[KeyTransport.SECRET];
        random.nextBytes(key);
        try {
            Secret secret = Secret.own(key);
            byte[] wrap = KeyTransport.wrap(identity.publicKey(), secret, Crypto.best(), random);
            header = new Writer(MOST).bytes(MAGIC).u16(wrap.length).bytes(wrap).toBytes();
            cipher = Aead.of(Suite.A256GCM, secret, Crypto.best(), random);
        } catch (CryptoException e) {
            throw new IllegalStateException("this Java cannot wrap under the identity key", e);
        }
    }

    /** Replaces what is kept; it is on the disk when this returns. */
    void keep(Sealer.Keys keys) throws IOException {
        byte[] plain = plain(keys);
        byte[] sealed = cipher.seal(n, header, plain);
        Arrays.fill(plain, (byte) 0);
        byte[] content = new Writer(MOST).bytes(header).u64(n++).bytes(sealed).toBytes();
        var fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (var out = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), NetLogHandler.OWNER_ONLY)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var directory = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** What is kept; null if there is nothing, or nothing that opens with this identity. */
    static Sealer.Keys read(Path path, IdentityKey identity, SecureRandom random) throws IOException {
        if (!Files.exists(path) || Files.size(path) > MOST) {
            return null;
        }
        var in = new Reader(Files.readAllBytes(path));
        try {
            byte[] magic = in.bytes(MAGIC.length);
            byte[] wrap = in.bytes(in.u16());
            long n = in.u64();
            byte[] header =
                    new Writer(MOST).bytes(magic).u16(wrap.length).bytes(wrap).toBytes();
            try (Aead cipher = Aead.of(
                    Suite.A256GCM, KeyTransport.unwrap(identity, wrap, Crypto.best(), random), Crypto.best(), random)) {
                return Arrays.equals(magic, MAGIC) ? keys(cipher.open(n, header, in.rest())) : null;
            }
        } catch (MalformedException | CryptoException | IllegalArgumentException e) {
            // Damaged, or of another identity: what follows says so.
            return null;
        }
    }

    @Override
    public void close() {
        cipher.close();
    }

    private static byte[] plain(Sealer.Keys keys) {
        var plain = ByteBuffer.allocate(1 + 4 * SealKey.LENGTH).put((byte) (keys.present() == null ? 1 : 2));
        for (SealKey each : new SealKey[] {keys.present(), keys.following()}) {
            if (each != null) {
                byte[] seed = each.revealSeed();
                plain.put(seed).put(each.publicKey());
                Arrays.fill(seed, (byte) 0);
            }
        }
        // Of one length, whether there are two or one.
        return plain.array();
    }

    private static Sealer.Keys keys(byte[] plain) throws MalformedException {
        try {
            var in = new Reader(plain);
            int count = in.u8();
            SealKey first = key(in);
            return count == 2 ? new Sealer.Keys(first, key(in)) : new Sealer.Keys(null, first);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static SealKey key(Reader in) throws MalformedException {
        byte[] seed = in.bytes(SealKey.LENGTH);
        try {
            return SealKey.of(seed, in.bytes(SealKey.LENGTH));
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }
}
