// Package dbtest gives every test a real database of its own, on SQLite and on
// PostgreSQL.
//
// It promises: the schema is migrated, nothing is shared between tests,
// nothing is left behind. PostgreSQL is started from the installed binaries on
// a port chosen by the kernel, as an ordinary user, and dies with the test
// process. Where it is not installed the PostgreSQL half is skipped, saying so;
// when CI is set it fails instead.
package dbtest
