package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import java.time.Instant;
import java.util.UUID;

/**
 * One message that has arrived. Sender, session and time of arrival are facts; everything in {@code record} (when it was
 * sent, the name of a group, the media type) is what the sender says.
 *
 * @param seq its place in the history
 */
public record IncomingMessage(long seq, PeerId from, UUID sessionId, Instant receivedAt, Record.Message record) {}
