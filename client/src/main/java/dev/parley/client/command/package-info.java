/**
 * One small class a command, over an injected node and injected streams.
 *
 * <p>Depends on {@code node} and {@code text}. Nothing here loads JLine: most commands end before it would be ready.
 */
package dev.parley.client.command;
