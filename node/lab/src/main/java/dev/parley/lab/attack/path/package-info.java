/**
 * Attacks by who is on the path between two nodes: it reads, changes, drops, holds back and injects. Each has a control that it beats,
 * over a relay of the same kind as the one in front of the nodes. The attacker's own speech of PSP/1 is
 * {@link dev.parley.lab.attack.path.Speaker}, which is made of the protocol's parts. Depends on the lab's contract, its controls and its
 * wire.
 */
package dev.parley.lab.attack.path;
