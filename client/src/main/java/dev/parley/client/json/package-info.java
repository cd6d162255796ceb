/**
 * JSON to and from the records of the admin API.
 *
 * <p>Jackson's streaming core without its databind, which would double the start-up time of a command. Depends on nothing
 * of ours.
 */
package dev.parley.client.json;
