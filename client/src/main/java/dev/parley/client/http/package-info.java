/**
 * HTTP/1.1 over a unix domain socket: as much as the admin socket needs, read strictly, with a deadline on every wait.
 *
 * <p>One connection a request, and the JDK alone: every command pays for what is loaded here. Depends on nothing.
 */
package dev.parley.client.http;
