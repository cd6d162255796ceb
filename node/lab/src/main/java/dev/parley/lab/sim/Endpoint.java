package dev.parley.lab.sim;

/** Who uses one end of a {@link Wire}. */
interface Endpoint {
    /** Bytes have come, in their order. */
    void bytes(byte[] in);

    /** The other side has closed its direction. */
    void inputEnded();

    /** The connection was reset. */
    void lost();

    /** There is room again to write. */
    void drained();
}
