/**
 * What can be made of lines of {@code net.log}: tables for spreadsheets, a report. Knows the lines' fields and nothing of commands or
 * of the node. Depends on {@code text} and {@code json}.
 */
package dev.parley.client.audit;
