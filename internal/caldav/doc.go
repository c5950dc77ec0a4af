// Package caldav reads people's calendars from servers that speak CalDAV (RFC 4791), where
// one signs in.
//
// It promises:
//   - Nothing is written there; what is asked for is the calendars below an address and
//     their events of a span.
//   - The address is untrusted, as package fetch judges: no closed network, few redirects,
//     none to another host, so that the word goes nowhere else; time and size are limited.
//   - An event that comes through is the text that a reader of calendars is given; what
//     cannot be handed on whole fails, and nothing is left out in silence.
//   - It refuses to run while the context holds a transaction.
//   - No error names an address, a name or a word.
//
// It refuses to know when anybody is busy, and to keep anything.
package caldav
