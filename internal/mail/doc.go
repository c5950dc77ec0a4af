// Package mail sends letters: to whoever runs the hall, and to those who wish to be told
// of news by mail and have shown that the address is theirs.
//
// It promises: a letter goes out encrypted, or not at all, unless the
// configuration says "insecure"; nothing that a person wrote can add a header or
// a recipient; the letter names the hall, not the machine it runs on; it refuses
// to run while the context holds a transaction, and panics there in tests; the
// cause of a failure holds a number, not an address.
//
// It refuses to know why a letter is written, and to try again: a job does that,
// for fault.Unavailable only.
package mail
