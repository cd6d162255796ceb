package dev.parley.protocol.wire;

import dev.parley.protocol.Channel;

/** Imports upwards: for the architecture's test of itself. */
public final class BreaksLayers {
    private BreaksLayers() {}

    /** Knows a channel. */
    public static Channel.Phase phase(Channel channel) {
        return channel.phase();
    }
}
