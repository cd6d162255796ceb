/**
 * How an attacker speaks PSP/1 to a node: by hand, with whatever it likes in each message, or as a peer that keeps to the handshake and
 * abuses the session. Uses the classes of node/protocol for arithmetic, never to be well-behaved.
 */
package dev.parley.lab.foe;
