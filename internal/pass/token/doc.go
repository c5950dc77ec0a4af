// Package token makes and checks passes: blind signatures after RFC 9474
// (RSABSSA-SHA384-PSS-Randomized) as docs/PASSES.md fixes them, and everything a
// member's devices derive from the root for it.
//
// It promises that the same root makes the same request for the same slot, byte
// for byte, on every device and after every crash; that a client refuses an
// issuer's key which could mark somebody (another exponent, another size, an
// even modulus); that a pass verifies only with exactly the length of the
// modulus and below it; and that what is spent is the message and never the
// bytes of a signature. Roots print as dots.
//
// It is pure: it knows no database, no clock, no web and no member. The client's
// arithmetic is math/big and not of constant time, because it runs on the
// device of whoever owns the secret; the hall signs elsewhere (internal/pass).
package token
