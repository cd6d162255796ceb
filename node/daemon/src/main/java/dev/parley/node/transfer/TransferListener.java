package dev.parley.node.transfer;

/** Is told what becomes of transfers, on whatever thread it happens: return at once. Every bean of this type is told. */
public interface TransferListener {

    /** A peer offers a file; its state says whether the operator is asked. */
    default void offered(Transfer transfer) {}

    /** It has another state. */
    default void changed(Transfer transfer) {}

    /** More of it has come or gone; at most a few times a second for each transfer. */
    default void progressed(Transfer transfer) {}
}
