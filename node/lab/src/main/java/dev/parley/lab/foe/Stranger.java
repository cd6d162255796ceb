package dev.parley.lab.foe;

import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.LiveNode.RefusedException;
import dev.parley.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.util.Map;

/**
 * Somebody with a key of its own whom a node is made to know for a while, as its operator would. Closing it has the node forget.
 */
public final class Stranger implements AutoCloseable {
    private final LiveNode at;
    private final IdentityKey key;

    public Stranger(LiveNode at) {
        this.at = at;
        this.key = Guest.newKey();
    }

    public IdentityKey key() {
        return key;
    }

    public String peerId() {
        return key.peerId().toString();
    }

    /** The node trusts it from now on. */
    public Stranger trusted(String alias) throws IOException {
        at.call("POST", "/peers", Map.of("peerId", peerId(), "alias", alias));
        return this;
    }

    /** The node refuses it from now on. */
    public void blocked() throws IOException {
        at.call("POST", "/peers/" + peerId() + "/block", null);
    }

    @Override
    public void close() throws IOException {
        forget();
    }

    /** The node knows it no longer, whatever it was. */
    public void forget() throws IOException {
        if (at.isRunning()) {
            try {
                at.call("DELETE", "/peers/" + peerId(), null);
            } catch (RefusedException unknown) {
                // It was never known, or is forgotten already.
            }
        }
    }
}
