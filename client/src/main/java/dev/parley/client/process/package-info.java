/** Nodes as processes of their own, and the directory they live in: for the demo and the lab, which start real ones. */
package dev.parley.client.process;
