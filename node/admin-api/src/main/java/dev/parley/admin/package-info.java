/** The contract of the admin socket: requests, replies, events and error codes. Depends on nothing but Jackson's annotations. */
package dev.parley.admin;
