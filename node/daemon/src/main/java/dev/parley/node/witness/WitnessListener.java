package dev.parley.node.witness;

import dev.parley.protocol.crypto.PeerId;

/** Is told where a peer's log contradicts itself. Every bean of this type is told, on a thread of this package. */
public interface WitnessListener {
    /** @param detail one sentence for the operator */
    void conflict(PeerId peer, String detail);
}
