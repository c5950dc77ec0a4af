// Package push hands short messages to the push services of browsers (RFC 8030, 8291
// and 8292), which bring them to a device whether or not a page of the hall is open.
//
// It promises:
//   - The address of a device is untrusted: https only, no closed network (as package
//     fetch judges), no redirect, ten seconds, and of the answer little is read.
//   - All messages have one length, sealed for the device; the service sees none of it.
//   - What a service answers becomes an Outcome. One that asks for time gets it, one that
//     fails is left alone for longer and longer, and costs the others nothing.
//   - The hall's key is made once and kept: with another, no device could be reached.
//   - It refuses to run while the context holds a transaction, and panics there in tests.
//   - No error names an address.
//
// It refuses to know whose device it is, why a message is sent, and to try again.
package push
