/** PSP/1, the Parley Secure Protocol, without I/O: bytes and the time go in, bytes and events come out. */
package dev.parley.protocol;
