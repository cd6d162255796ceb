/**
 * Small networks of real nodes, described in a file: relays that delay, stall, cut and attack, traffic, and an account of every message.
 *
 * <p>May depend on {@code lab.stand} and {@code lab.wire}, snakeyaml and the JDK.
 */
package dev.parley.lab.network;
