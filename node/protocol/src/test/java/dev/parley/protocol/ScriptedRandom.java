package dev.parley.protocol;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;

/** Gives out bytes that were put in, in their order, and fails when they run out. */
public final class ScriptedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient Deque<Byte> script = new ArrayDeque<>();

    public ScriptedRandom then(byte[] bytes) {
        for (byte b : bytes) {
            script.add(b);
        }
        return this;
    }

    public int left() {
        return script.size();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = script.remove();
        }
    }
}
