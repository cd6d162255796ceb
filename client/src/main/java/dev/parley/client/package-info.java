/** The terminal client. It knows the admin API and nothing of the node behind it, and holds no state and no keys. */
package dev.parley.client;
