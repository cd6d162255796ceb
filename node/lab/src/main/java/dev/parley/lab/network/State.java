package dev.parley.lab.network;

import java.util.List;

/**
 * How a run stands at a moment, for who watches it.
 *
 * @param stage what is done just now: "traffic"
 * @param seconds of the network's time
 */
public record State(String stage, double seconds, List<LinkState> links) {
    /**
     * @param up whether the dialing node has a session over it
     * @param cut whether nothing passes now
     * @param out messages handed over in its direction, {@code back} against it
     */
    public record LinkState(Network.LinkSpec spec, boolean up, boolean cut, int out, int back, int connections) {}
}
