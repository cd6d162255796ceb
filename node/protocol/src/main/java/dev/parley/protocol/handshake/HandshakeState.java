package dev.parley.protocol.handshake;

/** A state of the handshake; closing it wipes its secrets. Confined to one thread at a time. */
public interface HandshakeState extends AutoCloseable {
    @Override
    void close();
}
