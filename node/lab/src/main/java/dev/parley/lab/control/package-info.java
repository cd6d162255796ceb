/**
 * Peers that are weak on purpose, each in one way: what an attack must beat before its failure against a node means anything. They
 * speak a small protocol of their own and share no code with a node.
 */
package dev.parley.lab.control;
