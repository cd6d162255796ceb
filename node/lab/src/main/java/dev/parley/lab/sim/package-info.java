/**
 * A deterministic simulator: the protocol's own classes on a virtual clock, under a simulated network, in hosts that do what the
 * node does above the channel. One seed is one run, the same each time.
 *
 * <p>May depend on {@code dev.parley.protocol} and the JDK alone.
 */
package dev.parley.lab.sim;
