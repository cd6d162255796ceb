package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What is prepared for the next start of the node.
 *
 * @param peerId this node's id now
 * @param nextPeerId its id from the next start on; absent when what was prepared is cancelled
 * @param note what else the operator has to do, for people; absent if nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IdentityChangeReply(String peerId, String nextPeerId, String note) {}
