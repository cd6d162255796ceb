package dev.parley.node.message;

import dev.parley.protocol.crypto.PeerId;
import dev.parley.protocol.wire.Record;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message to be sent.
 *
 * @param group the group's name where the scope is GROUP, else empty
 * @param to the peers, each with the reason why it does not get the message, or empty if it does
 * @param content at most {@link Messages#MAX_BYTES} bytes; not copied, not to be changed afterwards
 * @param life how long it is tried, at most {@link Messages#LONGEST_LIFE}
 */
public record Draft(
        Record.Scope scope,
        String group,
        Map<PeerId, Optional<String>> to,
        String mediaType,
        byte[] content,
        Duration life) {

    /** The peers that get it. */
    List<PeerId> wanted() {
        return to.entrySet().stream()
                .filter(each -> each.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Says nothing of the content. */
    @Override
    public String toString() {
        return "Draft[" + scope + ", " + content.length + " bytes]";
    }
}
