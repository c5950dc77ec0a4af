package db

import (
	"context"
	"fmt"
	"regexp"

	"guildhall/internal/fault"
)

var tableName = regexp.MustCompile(`^[a-z][a-z_]*$`)

// Shuffle rewrites tables so that neither the place of a row nor the transaction
// it remembers tells when it was written or beside what: on PostgreSQL all rows
// of a table get a new file, in random order, in one transaction. In SQLite a
// table clustered by its key has no such order, and nothing is done. No other
// table may refer to them. Whoever reads a table from an older snapshot
// meanwhile finds it empty: run it at night, and decide nothing by a View alone.
// Faults: Unavailable.
func (d *DB) Shuffle(ctx context.Context, tables ...string) (err error) {
	defer fault.Wrap(&err, "db.Shuffle")
	if d.engine != Postgres {
		return nil
	}
	for _, t := range tables {
		if !tableName.MatchString(t) {
			return fmt.Errorf("db: %q is no table", t)
		}
		err := d.once(ctx, d.write, false, func(ctx context.Context) error { return shuffleTx(ctx, t) })
		if err != nil {
			return translate(err)
		}
	}
	return nil
}

func shuffleTx(ctx context.Context, table string) error {
	for _, s := range []string{
		`LOCK TABLE ` + table + ` IN ACCESS EXCLUSIVE MODE`,
		`CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS SELECT * FROM ` + table,
		`TRUNCATE ` + table,
		`INSERT INTO ` + table + ` SELECT * FROM shuffled ORDER BY gen_random_uuid()`,
	} {
		if _, err := txOf(ctx).tx.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("shuffle %s: %w", table, err)
		}
	}
	return nil
}
