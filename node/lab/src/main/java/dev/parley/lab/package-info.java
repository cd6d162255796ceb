/**
 * The attack lab: attacks on live nodes and on controls that are weak on purpose, and the verdicts. Never on a node's class path.
 */
package dev.parley.lab;
