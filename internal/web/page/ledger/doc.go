// Package ledgerpage shows the public log: what it comes to, its newest entries,
// and how to check it without believing the hall. Nothing on it is about a
// person.
package ledgerpage
