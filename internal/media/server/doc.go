// Package server is the child process of package media: LiveKit's server, told by its input
// what to do. It says nothing but that it is ready: what LiveKit would log names addresses
// and browsers.
//
// Nothing but the program itself may import it.
package server
