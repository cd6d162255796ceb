package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * What a node has signed of its own log, as somebody else holds it.
 *
 * @param head the signed head as the file for {@code parley audit verify --against} has it: one line of JSON
 * @param line number of the line
 * @param time when the log's node said so
 * @param cameAt when it came; absent where the peer holds it
 * @param conflicting whether it contradicts another that is held
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WitnessInfo(String head, long line, Instant time, Instant cameAt, boolean conflicting) {}
