/** Attacks by a peer that the node trusts. */
package dev.parley.lab.attack.peer;
