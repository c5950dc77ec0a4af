// Package db opens the hall's database and runs its SQL: one text for SQLite
// and PostgreSQL.
//
// It promises: a transaction is carried by the context, so that rooms compose
// without knowing each other; what Tx returned nil for survives kill -9; every
// query is registered under a name, prepared once a connection, and can be
// listed by a test that prepares it on both engines; a full disk, a newer
// schema and a broken uniqueness rule come back as faults with a sentence.
//
// It refuses to know what any table means. Only this package names a driver.
// Times are BIGINT microseconds UTC, ids are text made in Go, and no query asks
// the server for the time.
package db
