package safedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	sqlite "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"guildhall/internal/fault"
)

// Tx is a transaction under way. It is good inside the function it was given to.
type Tx struct {
	db    *DB
	ctx   context.Context
	after []func()
	undo  []func()
}

// Write runs f in a transaction of its own. When it returns nil, what f wrote is on
// the disk and stands in no log any more. f must not call Write or Read.
// Faults: Unavailable when the disk is full or broken.
func (d *DB) Write(ctx context.Context, f func(*Tx) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	// Once begun it runs to its end: whoever hangs up must not leave half of it.
	tx := &Tx{db: d, ctx: context.WithoutCancel(ctx)}
	if err := tx.run("BEGIN IMMEDIATE", f, "COMMIT"); err != nil || !d.soiled {
		return err
	}
	return d.emptyLog(tx.ctx)
}

// Read runs f on one state of the file. f must not call Write or Read.
func (d *DB) Read(ctx context.Context, f func(*Tx) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &Tx{db: d, ctx: context.WithoutCancel(ctx)}
	return tx.run("BEGIN", f, "ROLLBACK")
}

// run does f between begin and end, and takes everything back when f refuses or
// panics.
func (t *Tx) run(begin string, f func(*Tx) error, end string) (err error) {
	if _, err = t.db.conn.ExecContext(t.ctx, begin); err != nil {
		return translate(err)
	}
	done := false
	defer func() {
		if done {
			return
		}
		_, _ = t.db.conn.ExecContext(t.ctx, "ROLLBACK") // there is nothing else to do
		for i := len(t.undo) - 1; i >= 0; i-- {
			t.undo[i]()
		}
	}()
	if err = f(t); err != nil {
		return err
	}
	if _, err = t.db.conn.ExecContext(t.ctx, end); err != nil {
		return translate(err)
	}
	done = true
	for _, g := range t.after {
		g()
	}
	return nil
}

// emptyLog brings the log of writes into the file and cuts it to nothing. While
// somebody copies the file (a backup) that cannot be; the next write does it then.
func (d *DB) emptyLog(ctx context.Context) error {
	var busy, pages, moved int64
	err := d.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	if err != nil {
		return translate(err)
	}
	d.soiled = busy != 0
	return d.blurTimes()
}

// AfterCommit runs f once the transaction stands; f must be quick and cannot fail.
func (t *Tx) AfterCommit(f func()) { t.after = append(t.after, f) }

// OnUndo runs f when the transaction is taken back.
func (t *Tx) OnUndo(f func()) { t.undo = append(t.undo, f) }

func (t *Tx) stmt(query string) (*sql.Stmt, error) {
	if s := t.db.stmts[query]; s != nil {
		return s, nil
	}
	s, err := t.db.conn.PrepareContext(t.ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60s: %w", query, err)
	}
	t.db.stmts[query] = s
	return s, nil
}

// Exec runs a query without rows, and tells how many rows it touched. A query is
// prepared once; it should be a constant.
func (t *Tx) Exec(query string, args ...any) (n int64, err error) {
	t.db.soiled = true
	s, err := t.stmt(query)
	if err != nil {
		return 0, translate(err)
	}
	r, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, translate(err)
	}
	return r.RowsAffected()
}

// Row runs a query that gives at most one row and scans it into dest.
func (t *Tx) Row(query string, args []any, dest ...any) (found bool, err error) {
	s, err := t.stmt(query)
	if err != nil {
		return false, translate(err)
	}
	err = s.QueryRowContext(t.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, translate(err)
}

// Rows runs a query and calls scan for every row with the row's Scan method. scan
// must run no other query.
func (t *Tx) Rows(query string, scan func(scan func(...any) error) error, args ...any) error {
	s, err := t.stmt(query)
	if err != nil {
		return translate(err)
	}
	rows, err := s.QueryContext(t.ctx, args...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// translate turns the errors somebody can do something about into faults.
func translate(err error) error {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return err
	}
	switch se.Code() & 0xff {
	case sqlitelib.SQLITE_FULL:
		return fault.New(fault.Unavailable, "db.disk_full").Because(err)
	case sqlitelib.SQLITE_BUSY, sqlitelib.SQLITE_LOCKED:
		return fault.New(fault.Unavailable, "db.busy").Because(err)
	case sqlitelib.SQLITE_READONLY, sqlitelib.SQLITE_IOERR, sqlitelib.SQLITE_CANTOPEN:
		return unreachable(err)
	case sqlitelib.SQLITE_CORRUPT, sqlitelib.SQLITE_NOTADB:
		return fault.New(fault.Unavailable, "db.corrupt").Because(err)
	}
	return err
}
