package dev.parley.admin;

import java.time.Instant;
import java.util.List;

/**
 * A named set of peers that a message can be sent to. Groups are this node's own: the members see the name and each
 * other's messages only through it.
 *
 * @param name 1 to 64 characters, letters, digits, {@code -}, {@code _} and {@code .}, beginning with a letter or digit
 * @param createdAt when it was made
 * @param members its peers, by alias and then by id
 */
public record GroupInfo(String name, Instant createdAt, List<Member> members) {
    /** The longest name in characters. */
    public static final int MAX_NAME = 64;

    /**
     * @param peerId the peer
     * @param alias our name for it; null when it has none
     * @param connected whether a session with it is up
     */
    public record Member(String peerId, String alias, boolean connected) {}
}
