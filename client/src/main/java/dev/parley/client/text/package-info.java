/**
 * Text for people: what peers sent made harmless, tables, sizes and times. Depends on the admin API's records only.
 */
package dev.parley.client.text;
