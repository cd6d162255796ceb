package dev.parley.protocol.handshake;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import java.security.SecureRandom;
import java.util.List;

/**
 * What a handshake needs of its node.
 *
 * @param suites most wanted first
 * @param maxPlaintext the longest record plaintext that we accept, in bytes
 */
public record Local(
        IdentityKey key, Identity identity, List<Suite> suites, int maxPlaintext, Crypto crypto, SecureRandom random) {}
