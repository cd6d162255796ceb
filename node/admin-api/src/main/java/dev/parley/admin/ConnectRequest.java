package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * {@code POST /v1/connections}: dial, and wait for the outcome.
 *
 * <p>Without {@code expect} this node shows its identity to whoever answers at the address.
 *
 * @param host name or IP address, 1 to 253 characters
 * @param port 1 to 65535
 * @param expect the PeerId that must answer; absent: whoever answers
 * @param acceptNew whether a peer that was never seen is trusted at once (false when absent); otherwise its first
 *     session only shows its PeerId and waits for the operator's approval
 * @param keep whether the node reconnects for ever, whatever comes of this first dial (true when absent)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectRequest(String host, Integer port, String expect, Boolean acceptNew, Boolean keep) {
    public ConnectRequest {
        acceptNew = acceptNew != null && acceptNew;
        keep = keep == null || keep;
    }
}
