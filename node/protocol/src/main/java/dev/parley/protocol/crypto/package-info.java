/**
 * Secrets, identities, suites, X-Wing and RSA key transport: the only package that calls a cryptographic engine.
 *
 * <p>May depend on {@code wire}, the JDK's security packages and BouncyCastle. No primitive is our own.
 */
package dev.parley.protocol.crypto;
