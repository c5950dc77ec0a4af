// Package app is the switchboard: it reads the configuration, wires rooms and
// doors in written order, serves until told to stop, and holds the
// sub-commands.
//
// It promises: with no configuration at all a hall opens on one directory;
// what is wrong is said before the door opens, in one sentence; stopping waits
// for what runs; no log line carries an address, a handle or a text of people.
//
// It is the only package that sees everyone, and decides nothing itself.
package app
