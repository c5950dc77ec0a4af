// Package job keeps what to do later: a durable queue in the hall's own
// database, with leases, back-off and dead letters, and repeated work.
//
// It promises: a job added in a transaction exists exactly when that
// transaction does; one worker at a time holds its lease and renews it while
// the handler runs; completion is fenced by (id, attempt), so that a worker
// that lost its lease cannot finish what another is doing; after MaxAttempts
// the job becomes a dead letter that the steward's health page shows.
//
// What waits for the world outside is done by a worker apart: however long it takes, it
// delays no other job.
//
// A handler is idempotent: after a crash it runs again. It refuses to know
// what kinds do. Kinds are imperative: "digest.send". Payloads hold ids, never
// texts of people.
package job
