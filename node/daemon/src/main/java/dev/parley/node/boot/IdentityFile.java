package dev.parley.node.boot;

import dev.parley.node.config.ParleyConfig;
import dev.parley.node.store.StateFile;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The node's private key in PEM, encrypted where a passphrase is set: {@code identity.pem}, PKCS#8, mode 0600, made by the node; or
 * a file that somebody else made and the node only reads.
 */
final class IdentityFile {
    /** A group may read what is mounted: that is how orchestrators hand secrets to a process that is not root. */
    private static final Set<PosixFilePermission> NOT_THE_WORLD = PosixFilePermissions.fromString("rwxrwx---");

    private final Path path;
    private final ParleyConfig.Identity config;

    IdentityFile(Path path, ParleyConfig.Identity config) {
        this.path = path;
        this.config = config;
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** @throws StartupFailure if it cannot be read, others can read it, or it cannot be decrypted */
    IdentityKey load() {
        try {
            boolean mounted = config.keyFile().isPresent();
            DataDirectory.refuseBeyond(
                    mounted ? NOT_THE_WORLD : DataDirectory.OWNER,
                    path,
                    "the identity key",
                    mounted ? "chmod o=" : "chmod 600");
            var pem = Files.readString(path, StandardCharsets.US_ASCII);
            if (!IdentityKey.encrypted(pem)) {
                return unencrypted(pem);
            }
            var passphrase = passphrase()
                    .orElseThrow(() -> StartupFailure.state(
                            "the identity key " + path
                                    + " is encrypted: set parley.identity.passphrase-file or PARLEY_IDENTITY_PASSPHRASE",
                            null));
            try {
                return IdentityKey.fromPem(pem, passphrase);
            } finally {
                Arrays.fill(passphrase, '\0');
            }
        } catch (IllegalArgumentException e) {
            throw StartupFailure.state("the identity key " + path + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw StartupFailure.configuration(
                    "parley.identity.key-file", "must name a file that is there: " + path + " is not");
        } catch (IOException e) {
            throw StartupFailure.state(
                    "the identity key " + path + " cannot be read: make it readable for this user", e);
        }
    }

    /** The certificates that stand beside the key; of damaged ones none. */
    List<byte[]> certificates() {
        try {
            return IdentityKey.certificates(Files.readString(path, StandardCharsets.US_ASCII));
        } catch (IOException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /** The key as it is written here: under the passphrase of this node, where it has one. */
    String pem(IdentityKey key) {
        var passphrase = passphrase();
        try {
            return passphrase.isPresent() ? key.toPem(passphrase.get(), new SecureRandom()) : key.toPem();
        } finally {
            passphrase.ifPresent(chars -> Arrays.fill(chars, '\0'));
        }
    }

    private IdentityKey unencrypted(String pem) {
        try {
            return IdentityKey.fromPem(pem);
        } catch (IllegalArgumentException e) {
            if (config.keyFile().isPresent()) {
                throw e;
            }
            throw StartupFailure.state(
                    "the identity key " + path + " is damaged (" + e.getMessage()
                            + "): restore it from a backup, or move it away for a new identity",
                    e);
        }
    }

    /** Makes a key; it is on the disk when this returns. */
    IdentityKey create() {
        var random = new SecureRandom();
        var key = IdentityKey.generate(config.bits(), random);
        try {
            StateFile.replace(path, pem(key).getBytes(StandardCharsets.US_ASCII));
            return key;
        } catch (IOException e) {
            throw StartupFailure.state("the identity key " + path + " cannot be written: " + e.getMessage(), e);
        }
    }

    private Optional<char[]> passphrase() {
        return config.passphraseFile()
                .map(IdentityFile::firstLine)
                .or(config::passphrase)
                .map(String::toCharArray);
    }

    private static String firstLine(Path file) {
        try {
            DataDirectory.refuseBeyond(NOT_THE_WORLD, file, "the passphrase file", "chmod 600");
            try (var lines = Files.lines(file)) {
                return lines.findFirst()
                        .filter(line -> !line.isEmpty())
                        .orElseThrow(() -> StartupFailure.configuration(
                                "parley.identity.passphrase-file",
                                "must name a file whose first line is a passphrase"));
            }
        } catch (IOException e) {
            throw StartupFailure.configuration("parley.identity.passphrase-file", "must name a readable file");
        }
    }
}
