/**
 * The node as the commands see it: typed calls and streams over a transport, and its errors as exceptions.
 *
 * <p>Depends on the admin API and on {@code http} and {@code json}.
 */
package dev.parley.client.node;
