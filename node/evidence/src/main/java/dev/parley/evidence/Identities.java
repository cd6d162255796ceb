package dev.parley.evidence;

import dev.parley.protocol.crypto.PeerId;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who the node has been in its log, one after the other; one may come back. */
final class Identities {
    private final Map<PeerId, RSAPublicKey> keys = new LinkedHashMap<>();
    private final List<PeerId> course = new ArrayList<>();

    /** @param key whose hash is the PeerId */
    void take(PeerId peer, RSAPublicKey key) {
        keys.put(peer, key);
        course.add(peer);
    }

    /** Null as long as no anchor has told. */
    PeerId present() {
        return course.isEmpty() ? null : course.getLast();
    }

    PeerId first() {
        return course.getFirst();
    }

    /** The present one's. */
    RSAPublicKey key() {
        return keys.get(present());
    }

    Map<PeerId, RSAPublicKey> keys() {
        return keys;
    }

    List<String> names() {
        return course.stream().map(PeerId::toString).toList();
    }
}
