/** What an attacker on the path has: a relay that it steers, and an eye for the frames of PSP/1. */
package dev.parley.lab.wire;
