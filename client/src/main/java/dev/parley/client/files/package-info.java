/**
 * Files on this side of the admin socket: names that are safe to use, files that appear whole or not at all, folders packed and
 * unpacked. Depends on nothing of ours.
 */
package dev.parley.client.files;
