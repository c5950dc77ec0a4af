// Package client is a member's side of safe spaces without a browser: it joins
// or signs in, asks for passes, and lives under masks, as docs/PASSES.md fixes it.
//
// Account is the side that a hall knows: a cookie, an address of its own. Mask
// is the side it must not know: no cookie, a connection for every visit, and
// through a SOCKS proxy a circuit for every key. The two share a root and nothing
// else. Home is what stays on this machine, encrypted under the root.
//
// It promises to refuse an issuer's key that could mark its user (Keys), never to
// show two keys of one root over one connection, and to make the same request
// again after a lost answer.
//
// It refuses to know what the hall does with it: it imports formats only.
package client
