/** Attacks by processes on the node's own machine. */
package dev.parley.lab.attack.machine;
