package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * {@code POST /v1/peers}: introduce a peer by hand, as trusted.
 *
 * @param peerId 52 characters of base32
 * @param alias our name for it; absent for none
 * @param addresses {@code host:port} to dial it at; absent for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AddPeerRequest(String peerId, String alias, List<String> addresses) {
    public AddPeerRequest {
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
    }
}
