/**
 * The contract of the admin socket: what is asked, what is answered, the events and the error codes.
 *
 * <p>Records with Jackson annotations and nothing else, so that the client can start without the node's libraries.
 * Times are UTC (ISO 8601 in JSON), sizes are bytes, a value that is not known is absent.
 */
package dev.parley.admin;
