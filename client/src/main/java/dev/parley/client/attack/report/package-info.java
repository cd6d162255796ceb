/** What the lab has found, in files that other programs read. */
package dev.parley.client.attack.report;
