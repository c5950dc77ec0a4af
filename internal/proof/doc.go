// Package proof looks at a platform's mail that somebody shows, and tells whether
// the platform has sent it to one person: the DKIM signature verifies, is the
// platform's own, covers sender, recipient and day, and is not old.
//
// It promises: a mail is looked at in memory and forgotten; nothing of it is
// stored, logged or put into an error; the same mail, and a second one to the
// same address, count once while the program runs; what is refused is refused
// with the plain reason.
//
// What it remembers are keyed hashes, in memory, under a key that ends with the
// program: docs/decisions/0024-a-mail-leaves-nothing.md says why no longer.
//
// It refuses to know who shows a mail, and what she gets for it.
package proof
