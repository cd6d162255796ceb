package dev.parley.lab.control.weak;

import dev.parley.lab.Defence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A log of numbered lines. With seals each line ends with a MAC under a key that is replaced by its hash with each line (Bellare and
 * Yee, 1997): whoever takes the key of today cannot make lines of yesterday. Its auditor has the first key, and with witnesses
 * knows from outside how many lines there are.
 */
public final class Diary {
    /** The defences that it can do without. */
    public static final Set<Defence> SWITCHES = Set.of(Defence.SEALED_LOG, Defence.WITNESSES);

    private final boolean sealed;
    private final boolean witnessed;
    private final Path file;
    private final byte[] first = new byte[32];
    private byte[] key;
    private int count;

    /** @param without what it does without */
    public Diary(Path file, Set<Defence> without) {
        this.file = file;
        this.sealed = !without.contains(Defence.SEALED_LOG);
        this.witnessed = !without.contains(Defence.WITNESSES);
        new SecureRandom().nextBytes(first);
        key = first.clone();
    }

    public void write(String text) throws IOException, GeneralSecurityException {
        String line = ++count + " " + text;
        Files.writeString(
                file,
                (sealed ? line + " " + mac(key, line) : line) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        key = MessageDigest.getInstance("SHA-256").digest(key);
    }

    /** The auditor's verdict: whether all lines are there, in order, as they were written. */
    public boolean holds() throws IOException, GeneralSecurityException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        byte[] expected = first.clone();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (sealed) {
                int end = Math.max(0, line.lastIndexOf(' '));
                if (!line.substring(end).strip().equals(mac(expected, line.substring(0, end)))) {
                    return false;
                }
                expected = MessageDigest.getInstance("SHA-256").digest(expected);
            }
            if (!line.startsWith(i + 1 + " ")) {
                return false;
            }
        }
        return !witnessed || lines.size() >= count;
    }

    private static String mac(byte[] key, String line) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(line.getBytes(StandardCharsets.UTF_8)));
    }
}
