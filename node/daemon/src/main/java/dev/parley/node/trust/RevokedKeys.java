package dev.parley.node.trust;

import dev.parley.protocol.crypto.PeerId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Public keys that are let in no more, whatever certificate they come with: one a line, as PeerId (which an authority's key has
 * as well: SHA-256 of its SubjectPublicKeyInfo in base32) or as that hash in hexadecimal; what follows {@code #} is a comment.
 *
 * @param keys the keys
 * @param problem what is wrong with the first line that could not be understood; empty if there is none
 */
record RevokedKeys(Set<PeerId> keys, Optional<String> problem) {

    static final RevokedKeys NONE = new RevokedKeys(Set.of(), Optional.empty());

    private static final Pattern HEX = Pattern.compile("(?:sha256:)?([0-9a-fA-F]{64})");

    RevokedKeys {
        keys = Set.copyOf(keys);
    }

    static RevokedKeys parse(byte[] content) {
        Set<PeerId> keys = new HashSet<>();
        Optional<String> problem = Optional.empty();
        String[] lines = new String(content, StandardCharsets.UTF_8).split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            int comment = lines[i].indexOf('#');
            String text = (comment < 0 ? lines[i] : lines[i].substring(0, comment)).strip();
            if (!text.isEmpty() && !add(text, keys) && problem.isEmpty()) {
                problem = Optional.of(
                        "line " + (i + 1) + " is neither a peer id nor the SHA-256 of a public key in hexadecimal");
            }
        }
        return new RevokedKeys(keys, problem);
    }

    /** The same and those of another list. */
    RevokedKeys and(RevokedKeys other) {
        Set<PeerId> all = new HashSet<>(keys);
        all.addAll(other.keys());
        return new RevokedKeys(all, problem);
    }

    /** The first of some keys that is revoked. */
    Optional<PeerId> anyOf(Collection<PeerId> some) {
        return some.stream().filter(keys::contains).findFirst();
    }

    /** What a public key of any kind is called here. */
    static PeerId id(PublicKey key) {
        try {
            return PeerId.of(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static boolean add(String text, Set<PeerId> keys) {
        var hex = HEX.matcher(text);
        if (hex.matches()) {
            keys.add(PeerId.of(HexFormat.of().parseHex(hex.group(1))));
            return true;
        }
        try {
            keys.add(PeerId.parse(text));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
