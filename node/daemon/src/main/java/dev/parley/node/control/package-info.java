/**
 * The admin socket: Jakarta REST resources over HTTP on a unix domain socket.
 *
 * <p>{@link dev.parley.node.control.AdminGuard} stands in front of every resource and no resource can go around it: it
 * knows the caller from the kernel, refuses strangers and other API versions, and audits. Resources translate between the
 * contract {@code dev.parley.admin} and the services of the packages below; they decide nothing themselves. Every error
 * leaves as a problem ({@link dev.parley.node.control.Problems}).
 *
 * <p>Depends on all packages of the node but {@code boot}; none of them knows it.
 */
package dev.parley.node.control;
