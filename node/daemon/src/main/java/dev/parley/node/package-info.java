/** The node: a Quarkus application. Each package below holds one part; {@code boot} alone knows them all. */
package dev.parley.node;
