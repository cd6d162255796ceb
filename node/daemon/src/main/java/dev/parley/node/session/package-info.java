/**
 * Sessions: which are up, with whom, and which of several with one peer stays. A {@link dev.parley.node.session.Session} is
 * what the rest of the node sees of a connection; {@link dev.parley.node.session.SessionRegistry} holds them all and tells
 * every {@link dev.parley.node.session.SessionObserver}. May use {@code trust}, {@code audit} and the protocol; knows nothing
 * of sockets: {@code net} makes the sessions.
 */
package dev.parley.node.session;
