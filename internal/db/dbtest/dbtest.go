package dbtest

import (
	"context"
	"os"
	"testing"

	"guildhall/internal/db"
)

// Each runs f on a fresh SQLite and on a fresh PostgreSQL database, in
// parallel subtests named after the engine.
func Each(t *testing.T, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			f(t, Open(t, e))
		})
	}
}

// Open gives one fresh, migrated database, closed when the test ends.
func Open(t testing.TB, e db.Engine) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), Config(t, e))
	if err != nil {
		t.Fatalf("dbtest: open %s: %v", e, err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(context.Background()); err != nil {
		t.Fatalf("dbtest: migrate %s: %v", e, err)
	}
	return d
}

// Config names a fresh place for a database without opening it: a directory
// for SQLite, a URL of an empty (PostgreSQL: already migrated) database.
func Config(t testing.TB, e db.Engine) db.Config {
	t.Helper()
	if e == db.SQLite {
		return db.Config{Dir: t.TempDir()}
	}
	return db.Config{URL: postgresURL(t), Readers: 4}
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("dbtest: %s (CI is set, so this is a failure)", what)
	}
	t.Skipf("dbtest: %s: the PostgreSQL half is skipped; make test installs it", what)
}
