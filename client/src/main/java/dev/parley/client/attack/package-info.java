/** {@code parley attack}: the lab's attacks on nodes that it starts for the purpose, or that agree to it. */
package dev.parley.client.attack;
