/** Attacks by somebody who has stolen a key, a disk or the memory of a node. */
package dev.parley.lab.attack.thief;
