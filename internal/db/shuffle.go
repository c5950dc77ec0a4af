package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"guildhall/internal/fault"
)

var tableName = regexp.MustCompile(`^[a-z][a-z_]*$`)

// Shuffle writes tables of PostgreSQL anew, all of them in one transaction and in
// an order drawn by chance, so that neither where a row lies (ctid) nor which
// transaction wrote it (xmin) tells when it came, or beside what. Afterwards the
// old rows are swept out of the files; what the log of writes holds goes with the
// log. On SQLite there is nothing to do: a table clustered by a random key has no
// such order.
//
// Readers see every row all the time; writers of these tables wait. A table
// comes before those that refer to it, and whoever refers to one must be listed
// too: it is an error otherwise, for a deletion would reach there. Faults:
// Unavailable.
func (d *DB) Shuffle(ctx context.Context, tables ...string) (err error) {
	defer fault.Wrap(&err, "db.Shuffle")
	if d.engine != Postgres {
		return nil
	}
	if InTx(ctx) {
		return errors.New("db: sweeping out old rows cannot be part of a transaction")
	}
	for _, t := range tables {
		if !tableName.MatchString(t) {
			return fmt.Errorf("db: %q is no table", t)
		}
	}
	if err := d.Tx(ctx, func(ctx context.Context) error { return shuffleTx(ctx, txOf(ctx).tx, tables) }); err != nil {
		return translate(err)
	}
	// FULL writes what is there into a new file and keeps its order; a plain one
	// would leave the old rows' bytes between the new. TRUNCATE would show empty
	// tables to whoever reads an older snapshot.
	for _, t := range tables {
		if _, err := d.write.ExecContext(ctx, "VACUUM (FULL, ANALYZE) "+t); err != nil {
			return translate(err)
		}
	}
	return nil
}

func shuffleTx(ctx context.Context, tx *sql.Tx, tables []string) error {
	for _, t := range tables { // other writers wait, readers do not
		if _, err := tx.ExecContext(ctx, "LOCK TABLE "+t+" IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
	}
	if err := onlyAmong(ctx, tx, tables); err != nil {
		return err
	}
	return rewrite(ctx, tx, tables)
}

// onlyAmong refuses when a deletion would reach beyond the tables.
func onlyAmong(ctx context.Context, tx *sql.Tx, tables []string) error {
	rows, err := tx.QueryContext(ctx, `SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var from, to string
		if err := rows.Scan(&from, &to); err != nil {
			return err
		}
		parent, child := slices.Index(tables, to), slices.Index(tables, from)
		if parent >= 0 && child < parent && from != to {
			return fmt.Errorf("table %s refers to %s and must be listed after it", from, to)
		}
	}
	return rows.Err()
}

// rewrite puts all rows aside, empties the tables from the last to the first,
// and fills them from the first to the last.
func rewrite(ctx context.Context, tx *sql.Tx, tables []string) error {
	counts := make([]int64, len(tables))
	for i, t := range tables {
		r, err := tx.ExecContext(ctx, "CREATE TEMPORARY TABLE aside_"+t+" ON COMMIT DROP AS SELECT * FROM "+t)
		if err != nil {
			return err
		}
		if counts[i], err = r.RowsAffected(); err != nil {
			return err
		}
	}
	for _, t := range slices.Backward(tables) {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+t); err != nil {
			return err
		}
	}
	for i, t := range tables {
		r, err := tx.ExecContext(ctx, "INSERT INTO "+t+" SELECT * FROM aside_"+t+" ORDER BY gen_random_uuid()")
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n != counts[i] {
			return errors.Join(fmt.Errorf("table %s: %d rows came back of %d", t, n, counts[i]), err)
		}
	}
	return nil
}
