/** The node as its developers run it: {@code quarkus:dev}, with classes that change under a live session. */
package dev.parley.node.devmode;
