package dev.parley.client.http;

import java.util.Map;

/**
 * One whole reply.
 *
 * @param status 200 to 599
 * @param headers by name in lower case
 * @param body decoded as UTF-8; empty for none
 */
public record Reply(int status, Map<String, String> headers, String body) {
    public boolean isSuccess() {
        return status / 100 == 2;
    }
}
