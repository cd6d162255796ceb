package dev.parley.lab;

/** Is told what happens, as it happens, by either side. Thread-safe. */
public interface Journal {
    /** Tells nobody. */
    Journal NONE = (side, text) -> {};

    /** Who tells. */
    enum Side {
        ATTACKER,
        DEFENDER
    }

    void tell(Side side, String text);

    /** What the attacker does or sees. */
    default void attacker(String text) {
        tell(Side.ATTACKER, text);
    }

    /** What the control or a node does or sees. */
    default void defender(String text) {
        tell(Side.DEFENDER, text);
    }
}
