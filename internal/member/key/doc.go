// Package key knows the proofs by which a member is the same person again, as
// docs/ACCOUNTS.md fixes them: the login derived from a phrase, login codes and
// recovery codes, the shape of the vault, passkeys, sealed ceremonies and proof
// of work.
//
// It promises that whatever it hands out for storing opens nothing by itself: a
// Verifier and a recovery hash cannot be turned back, a login code is kept as
// Argon2id, a vault is opaque to the hall, and a passkey is kept without its
// maker's number and without a counter that would change with each visit.
// Secrets print as dots.
//
// It refuses to know about databases, pages and members: it never learns whose
// key it checks. It keeps nothing but the answers of work spent in the last
// minutes, in memory.
package key
