/**
 * {@code parley top}: the node's figures, live. What is shown is a pure function of two snapshots and of what the person has chosen
 * ({@link dev.parley.client.top.TopText}); only {@link dev.parley.client.top.FullScreen} touches the terminal, by JLine.
 *
 * <p>Depends on {@code command}, {@code node} and {@code text}.
 */
package dev.parley.client.top;
