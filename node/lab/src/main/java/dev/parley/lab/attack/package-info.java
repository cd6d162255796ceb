/** The attacks, by what the attacker has. */
package dev.parley.lab.attack;
