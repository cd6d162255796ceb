/** Tools for testing a node from outside. Test code of every other package may use them; they use none of it. */
package dev.parley.node.testing;
