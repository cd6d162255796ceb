/**
 * A small certificate authority for fleets: makes and signs certificates for identity keys, and lists the keys that are revoked.
 * Files in, files out; no network, no daemon.
 */
package dev.parley.authority;
