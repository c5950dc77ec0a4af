// Package fetch is the hall's only way out to the web.
//
// It promises:
//   - Whoever chooses an address cannot use the hall to look behind its firewall.
//     Private, local, shared, translated and other special addresses are refused
//     where the connection is made, after names have become addresses, and again
//     at each redirect; so a name that changes its mind gains nothing.
//   - Time, size after unpacking, redirects and ports are limited.
//   - The other side learns an address of the hall and the word "Guildhall",
//     nothing of who asked: no cookie, no Referer, no proxy of the environment.
//   - It refuses to run while the context holds a transaction, and panics there
//     in tests: a slow stranger would hold the hall's only writer.
//   - The cause of a failure names neither host nor address nor path.
//
// It refuses to know what the bytes mean.
package fetch
