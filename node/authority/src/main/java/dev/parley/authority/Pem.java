package dev.parley.authority;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** PEM (RFC 7468). */
final class Pem {

    private static final int LINE = 64;
    private static final int MOST = 1 << 20;

    private Pem() {}

    static String write(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** The first object of a file. @param what the file is expected to be, in words */
    static PemObject read(Path file, String what) throws IOException, AuthorityException {
        try {
            if (Files.size(file) > MOST) {
                throw AuthorityException.bad("'" + file + "' is too long for " + what);
            }
            try (PemReader reader =
                    new PemReader(new StringReader(Files.readString(file, StandardCharsets.US_ASCII)))) {
                PemObject object = reader.readPemObject();
                if (object == null) {
                    throw AuthorityException.bad("'" + file + "' is not " + what + " in PEM");
                }
                return object;
            }
        } catch (NoSuchFileException e) {
            throw AuthorityException.bad("there is no '" + file + "'");
        } catch (java.nio.charset.CharacterCodingException | IllegalArgumentException e) {
            throw AuthorityException.bad("'" + file + "' is not " + what + " in PEM");
        }
    }
}
