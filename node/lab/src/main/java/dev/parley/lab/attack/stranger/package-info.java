/** Attacks by somebody who can reach a node's port and has keys of its own, which the node does not trust. */
package dev.parley.lab.attack.stranger;
