package dev.parley.protocol.handshake;

/** A whole frame to send, and the state that awaits the answer to it. */
public record Sent<S>(byte[] frame, S next) {}
