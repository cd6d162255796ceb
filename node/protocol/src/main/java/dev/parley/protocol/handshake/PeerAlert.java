package dev.parley.protocol.handshake;

import dev.parley.protocol.wire.Failure;

/**
 * What an ALERT of the peer says.
 *
 * @param code the byte as it came
 * @param reason fit to show
 */
public record PeerAlert(Failure failure, int code, String reason) {}
