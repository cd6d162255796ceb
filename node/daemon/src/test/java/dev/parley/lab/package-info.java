/** Stands for the attack lab in the test of the architecture's rules. */
package dev.parley.lab;
