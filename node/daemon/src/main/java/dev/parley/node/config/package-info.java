/**
 * What the operator can set: the keys, their defaults and ranges, and the check that each value is within its range.
 *
 * <p>Depends on the configuration library and nothing of the node; every other package may read it.
 */
package dev.parley.node.config;
