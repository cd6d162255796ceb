/**
 * What a person stays in: the chat and the menu. The only package that uses JLine; it is loaded when one of them starts.
 *
 * <p>Depends on {@code command}, {@code node} and {@code text}.
 */
package dev.parley.client.chat;
