// Package member keeps accounts: how somebody proves to be the same person
// again, on which devices she is signed in, and how everything of hers goes.
//
// It promises: no e-mail, no phone, no address is asked or stored; no time
// finer than an epoch of four weeks is kept; who vouched for whom stands nowhere; a visit writes nothing; the vault has one
// size and changes only when a passkey is added; revoking a device or all of
// them works on the next request; erasing leaves no row.
//
// It refuses to know what a member says or does: it holds the id of her face
// and nothing of it. Only web/account, pass and app may import it.
//
// The formats of keys and codes are package key's and docs/ACCOUNTS.md's.
package member
