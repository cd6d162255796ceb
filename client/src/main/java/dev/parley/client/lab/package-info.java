/** {@code parley lab}: the simulator and small custom networks of the lab, and the real nodes that the latter run. */
package dev.parley.client.lab;
