package dev.parley.lab.control.weak;

import dev.parley.lab.Defence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Keeps messages in files: sealed under a key that only the process has, or as they are. */
public final class Shelf {
    /** The defences that it can do without. */
    public static final Set<Defence> SWITCHES = Set.of(Defence.SEALED_STORE);

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final boolean sealed;
    private final Path directory;
    private final SecureRandom random = new SecureRandom();
    private final byte[] key = new byte[32];
    private int count;

    /** @param without what it does without */
    public Shelf(Path directory, Set<Defence> without) {
        this.directory = directory;
        this.sealed = !without.contains(Defence.SEALED_STORE);
        random.nextBytes(key);
    }

    public void keep(String text) throws IOException, GeneralSecurityException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        Files.write(directory.resolve("message-" + ++count), sealed ? seal(content) : content);
    }

    private byte[] seal(byte[] content) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return DoorKeys.join(nonce, cipher.doFinal(content));
    }
}
