package dev.parley.lab.control.weak;

import dev.parley.lab.Defence;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The keys of one session with a {@link Door}, and how records are sealed with them. Confined to one thread at a time. */
public final class DoorKeys {
    private static final int TAG_BITS = 128;

    private final boolean tagged;
    private byte[] toDoor;
    private byte[] toCaller;

    private DoorKeys(boolean tagged, byte[] toDoor, byte[] toCaller) {
        this.tagged = tagged;
        this.toDoor = toDoor;
        this.toCaller = toCaller;
    }

    /**
     * Derives them from secrets that both sides have, in their order: ephemeral caller and static door; what authenticates the
     * caller; both ephemerals. Where the door does without one of them it is left out.
     */
    public static DoorKeys of(Set<Defence> without, byte[] transcript, byte[]... secrets) {
        byte[] root = hash(transcript, join(secrets));
        return new DoorKeys(!without.contains(Defence.INTEGRITY), label(root, "to door"), label(root, "to caller"));
    }

    /** As they are now, in somebody else's hands. */
    public DoorKeys copy() {
        return new DoorKeys(tagged, toDoor.clone(), toCaller.clone());
    }

    /** Goes on with keys that a fresh secret has entered. */
    public void ratchet(byte[] fresh) {
        toDoor = hash(toDoor, fresh);
        toCaller = hash(toCaller, fresh);
    }

    public byte[] seal(boolean byCaller, long n, byte[] plaintext) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, byCaller, n).doFinal(plaintext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES", e);
        }
    }

    /** @return null if it does not open; without integrity everything opens, to something */
    public byte[] open(boolean byCaller, long n, byte[] sealed) {
        try {
            return cipher(Cipher.DECRYPT_MODE, byCaller, n).doFinal(sealed);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES", e);
        }
    }

    private Cipher cipher(int mode, boolean byCaller, long n) throws GeneralSecurityException {
        SecretKeySpec key = new SecretKeySpec(byCaller ? toDoor : toCaller, "AES");
        if (tagged) {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(n).array();
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            return cipher;
        }
        Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(
                mode,
                key,
                new IvParameterSpec(ByteBuffer.allocate(16).putLong(n).array()));
        return cipher;
    }

    static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    private static byte[] label(byte[] root, String label) {
        return hash(root, label.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] hash(byte[]... parts) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(join(parts));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "DoorKeys[*]";
    }
}
