/**
 * What {@code parley doctor} finds out where no node answers: from the files, the environment and the system's own tables. Reads, and
 * changes nothing.
 *
 * <p>Depends on {@code json} and {@code text}.
 */
package dev.parley.client.doctor;
