/**
 * PSP/1, the Parley Secure Protocol, without I/O: bytes and the time go in, bytes and events come out.
 *
 * <p>This package is what a host (the daemon, a test, a simulator) uses. It may depend on the packages below it
 * ({@code wire, crypto, handshake, record}, each only on those before it), the JDK and BouncyCastle: no sockets, clocks,
 * threads, loggers or frameworks.
 */
package dev.parley.protocol;
