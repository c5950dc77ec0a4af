package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"guildhall/internal/fault"
)

type txKey struct{}

// transaction is what a context carries.
type transaction struct {
	db       *DB
	tx       *sql.Tx // PostgreSQL
	lite     *lite   // SQLite; nil when the transaction is over
	readOnly bool
	after    []func()
	stmts    map[*Query]*sql.Stmt
	began    Tick
}

func txOf(ctx context.Context) *transaction {
	t, _ := ctx.Value(txKey{}).(*transaction)
	return t
}

// prepare prepares inside the transaction, and keeps the statement on the
// database for the next one where that is possible without deadlock.
func (t *transaction) prepare(ctx context.Context, q *Query) (*sql.Stmt, error) {
	if s := t.stmts[q]; s != nil {
		return s, nil
	}
	s, err := t.tx.PrepareContext(ctx, q.text[t.db.engine])
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", q.name, err)
	}
	if t.stmts == nil {
		t.stmts = map[*Query]*sql.Stmt{}
	}
	t.stmts[q] = s
	return s, nil
}

// keep prepares, after the transaction, what it had to prepare for itself, so
// that the next transaction finds it ready.
func (t *transaction) keep() {
	for q := range t.stmts {
		_, _ = t.db.stmt(context.Background(), q)
	}
}

// InTx tells whether ctx carries a transaction: mail, push and fetch refuse to
// run then, because a slow stranger would hold the hall's only writer.
func InTx(ctx context.Context) bool { return txOf(ctx) != nil }

// Writing tells whether ctx carries a write transaction.
func Writing(ctx context.Context) bool { t := txOf(ctx); return t != nil && !t.readOnly }

// Tick is a moment in the order of changes that this process has committed.
type Tick uint64

var ticks atomic.Uint64

// Change gives the moment of a change that was just committed; for AfterCommit.
func Change() Tick { return Tick(ticks.Add(1)) }

// Since is a moment, and what ctx reads is at least as new as all changes up to
// it. Who keeps in memory what was read takes it before reading, and keeps
// nothing when Change was called for such a thing at a later moment.
func Since(ctx context.Context) Tick {
	if t := txOf(ctx); t != nil {
		return t.began
	}
	return Tick(ticks.Load())
}

// AfterCommit runs f once the outermost transaction of ctx has committed; at
// once when there is none. f must be quick and cannot fail.
func AfterCommit(ctx context.Context, f func()) {
	if t := txOf(ctx); t != nil {
		t.after = append(t.after, f)
		return
	}
	f()
}

// Tx runs f in a write transaction: the one ctx carries, or a new one that is
// committed when f returns nil. f may run again when PostgreSQL asks for it
// (deadlock, serialisation), so it must have no effect outside the database
// but through AfterCommit. Faults: Unavailable when the disk is full.
func (d *DB) Tx(ctx context.Context, f func(context.Context) error) error {
	if t := txOf(ctx); t != nil {
		if t.db != d || t.readOnly {
			return errors.New("db: a write transaction cannot begin inside another database's or a read-only one")
		}
		return f(ctx)
	}
	if d.engine == SQLite {
		return d.onLite(ctx, false, f)
	}
	for try := 0; ; try++ {
		err := d.once(ctx, d.write, false, f)
		if err == nil || try == 4 || !retryable(err) || ctx.Err() != nil {
			return err
		}
	}
}

// View runs f on one consistent snapshot, read only. It joins ctx's transaction.
func (d *DB) View(ctx context.Context, f func(context.Context) error) error {
	if t := txOf(ctx); t != nil {
		if t.db != d {
			return errors.New("db: the context's transaction is another database's")
		}
		return f(ctx)
	}
	if d.engine == SQLite {
		return d.onLite(ctx, true, f)
	}
	return d.once(ctx, d.read, true, f)
}

// onLite runs f in a transaction of SQLite.
func (d *DB) onLite(ctx context.Context, readOnly bool, f func(context.Context) error) error {
	t := &transaction{db: d, readOnly: readOnly, began: Tick(ticks.Load())}
	run := func(l *lite) error {
		t.lite = l
		defer func() { t.lite = nil }()
		return f(context.WithValue(ctx, txKey{}, t))
	}
	var err error
	if readOnly {
		err = d.readers.view(ctx, run)
	} else {
		err = d.writer.write(ctx, run)
	}
	if err != nil {
		return err
	}
	for _, g := range t.after {
		g()
	}
	return nil
}

// once runs f in a transaction of PostgreSQL.
func (d *DB) once(ctx context.Context, h *sql.DB, readOnly bool, f func(context.Context) error) error {
	o := &sql.TxOptions{ReadOnly: readOnly}
	if readOnly {
		o.Isolation = sql.LevelRepeatableRead
	}
	began := Tick(ticks.Load()) // before the snapshot is taken
	tx, err := h.BeginTx(ctx, o)
	if err != nil {
		return translate(fmt.Errorf("begin: %w", err))
	}
	t := &transaction{db: d, tx: tx, readOnly: readOnly, began: began}
	done := false
	defer func() {
		if !done { // f panicked or refused
			_ = tx.Rollback()
		}
	}()
	if err := f(context.WithValue(ctx, txKey{}, t)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return translate(fmt.Errorf("commit: %w", err))
	}
	done = true
	t.keep()
	for _, g := range t.after {
		g()
	}
	return nil
}

func retryable(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

// IsUnique tells whether err says that a row with this key exists already.
func IsUnique(err error) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code == "23505"
	}
	code := sqliteCode(err)
	return code == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || code == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY
}

// sqliteCode is SQLite's extended code of what went wrong, 0 for other errors.
func sqliteCode(err error) int {
	var own *liteError
	if errors.As(err, &own) {
		return int(own.code)
	}
	var se *sqlite.Error // of database/sql's driver
	if errors.As(err, &se) {
		return se.Code()
	}
	return 0
}

// unreachable are PostgreSQL's words for: too little of something, shutting
// down or starting, trouble with files.
var unreachable = regexp.MustCompile(`^(53|57P|58)`)

// translate turns the errors a person can do something about into faults.
func translate(err error) error {
	if err == nil {
		return nil
	}
	switch sqliteCode(err) & 0xff {
	case sqlitelib.SQLITE_FULL:
		return fault.New(fault.Unavailable, "db.disk_full").Because(err)
	case sqlitelib.SQLITE_BUSY, sqlitelib.SQLITE_LOCKED:
		return fault.New(fault.Unavailable, "db.busy").Because(err)
	case sqlitelib.SQLITE_READONLY, sqlitelib.SQLITE_IOERR, sqlitelib.SQLITE_CANTOPEN:
		return fault.New(fault.Unavailable, "db.unreachable").Because(err)
	case sqlitelib.SQLITE_CORRUPT, sqlitelib.SQLITE_NOTADB:
		return fault.New(fault.Unavailable, "db.corrupt").Because(err)
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		switch {
		case pe.Code == "53100":
			return fault.New(fault.Unavailable, "db.disk_full").Because(err)
		case unreachable.MatchString(pe.Code):
			return fault.New(fault.Unavailable, "db.unreachable").Because(err)
		}
	}
	return err
}

// Micros is the form in which times are stored: microseconds since 1970, UTC.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// Time reads what Micros wrote.
func Time(µs int64) time.Time { return time.UnixMicro(µs).UTC() }
