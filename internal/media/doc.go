// Package media keeps the server through which calls go, LiveKit's, as a child process of
// the hall, and lets browsers through to it under the hall's own address.
//
// It promises:
//   - The child starts when it is first needed, is started again when it ends, and ends with
//     the hall. What goes wrong in it takes no page down.
//   - Its keys go to it by its input, so that they stand in no list of processes and in no
//     file. What it is asked over HTTP it is asked on loopback, and from outside only the
//     addresses by which browsers join a call are let through, without a cookie, an address
//     or the name of a browser.
//   - Split answers for the web and for the relay on one port, inside TLS; nobody starts the
//     child by asking there.
//   - A ticket lets one device into one call, for some minutes, and into none that is over or
//     that its owner has left.
//   - A ticket of a trial lets into a room of its own for two minutes, in which nothing can be
//     said, heard or written.
//   - With the address of another server, of a cluster say, no child is started, and browsers
//     speak to that one. What is over is closed there too; but a ticket that has not run out
//     lets in anew there, since nobody asks the hall.
//
// It refuses to know who calls whom. Its sub-package server alone knows LiveKit, and only the
// program itself links it: what else is built of the hall stays as small as it was.
package media
