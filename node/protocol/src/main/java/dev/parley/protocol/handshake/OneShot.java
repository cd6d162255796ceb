package dev.parley.protocol.handshake;

/** A state that is left by its first use: Java cannot consume a value, so a flag does. */
abstract class OneShot {
    private boolean used;

    /** Throws IllegalStateException if this state was left already. */
    final void use() {
        if (used) {
            throw new IllegalStateException(getClass().getSimpleName() + " was used already");
        }
        used = true;
    }
}
