/**
 * What attacks by strangers, thieves, peers and from the own machine are tried on first: a door that callers come to, and single
 * things, an oracle, a store, a log, a socket, that are weak on purpose. They share no code with a node.
 */
package dev.parley.lab.control.weak;
