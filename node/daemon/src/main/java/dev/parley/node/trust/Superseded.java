package dev.parley.node.trust;

import dev.parley.protocol.crypto.PeerId;
import java.time.Instant;

/**
 * A key that has named its successor, and is let in no more.
 *
 * @param key the old key
 * @param next the one that came after it
 */
record Superseded(PeerId key, PeerId next, Instant since) {}
