package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// lite is one connection to SQLite with what is prepared on it, for one
// goroutine at a time. It speaks to the driver directly: database/sql starts
// goroutines that watch the context of each query, and locks for each row.
type lite struct {
	conn  driver.Conn
	stmts map[*Query]*liteStmt
	// broken: it is still in a transaction, and must not be used again
	broken bool
}

// liteStmt is a prepared query with room for its arguments and one row.
type liteStmt struct {
	query liteQuery
	args  []driver.NamedValue
	row   []driver.Value
	busy  bool // its rows are being read
}

// liteQuery is what is used of the driver's statement.
type liteQuery interface {
	driver.StmtExecContext
	driver.StmtQueryContext
	Close() error
}

// What begins and ends transactions. Readers take their snapshot at the first
// query; the writer asks for its place at once, for it could not get it later.
var (
	qBegin      = command("BEGIN")
	qBeginWrite = command("BEGIN IMMEDIATE")
	qCommit     = command("COMMIT")
	qRollback   = command("ROLLBACK")
	qSave       = command("SAVEPOINT guest")
	qKeep       = command("RELEASE guest")
	qUndo       = command("ROLLBACK TO guest")
	qEmptyLog   = command("PRAGMA wal_checkpoint(TRUNCATE)")
)

// command is SQLite's own and needs no place in the register.
func command(text string) *Query { return &Query{name: text, text: [2]string{text, text}} }

// connect opens one connection.
func connect(d driver.Driver, dsn string) (*lite, error) {
	conn, err := d.Open(dsn)
	if err != nil {
		return nil, err
	}
	return &lite{conn: conn, stmts: map[*Query]*liteStmt{}}, nil
}

// prepare gives the query ready to run. One whose rows are being read just now
// is prepared a second time, and passing tells that it is to be closed after.
func (l *lite) prepare(q *Query) (s *liteStmt, passing bool, err error) {
	s = l.stmts[q]
	if s != nil && !s.busy {
		return s, false, nil
	}
	p, err := l.conn.Prepare(q.text[SQLite])
	if err != nil {
		return nil, false, fmt.Errorf("prepare %s: %w", q.name, err)
	}
	ready, ok := p.(liteQuery)
	if !ok {
		return nil, false, errors.New("db: the driver has no statements with a context")
	}
	passing = s != nil
	s = &liteStmt{query: ready}
	if !passing {
		l.stmts[q] = s
	}
	return s, passing, nil
}

// bind makes the arguments ready.
func (s *liteStmt) bind(args []any) error {
	if cap(s.args) < len(args) {
		s.args = make([]driver.NamedValue, len(args))
	}
	s.args = s.args[:len(args)]
	for i, a := range args {
		v, err := value(a)
		if err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
		s.args[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return nil
}

// free lets the arguments and the row go, and the statement be used again.
func (s *liteStmt) free(passing bool) {
	clear(s.args)
	clear(s.row)
	s.busy = false
	if passing {
		s.query.Close()
	}
}

// exec runs a query that returns no rows.
func (l *lite) exec(ctx context.Context, q *Query, args []any) (n int64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s, passing, err := l.prepare(q)
	if err != nil {
		return 0, err
	}
	defer s.free(passing)
	if err := s.bind(args); err != nil {
		return 0, fmt.Errorf("%s: %w", q.name, err)
	}
	r, err := s.query.ExecContext(q.watched(ctx), s.args)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", q.name, err)
	}
	return r.RowsAffected()
}

// rows runs a query and calls each for every row, with the row's Scan.
func (l *lite) rows(ctx context.Context, q *Query, args []any, each func(scan func(...any) error) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s, passing, err := l.prepare(q)
	if err != nil {
		return err
	}
	defer s.free(passing)
	if err := s.bind(args); err != nil {
		return fmt.Errorf("%s: %w", q.name, err)
	}
	s.busy = true
	err = s.read(ctx, q, each)
	if err != nil {
		return fmt.Errorf("%s: %w", q.name, err)
	}
	return nil
}

// errEnough ends the reading of rows.
var errEnough = errors.New("db: enough rows")

// first reads one row at most into dest.
func (l *lite) first(ctx context.Context, q *Query, args, dest []any) (found bool, err error) {
	err = l.rows(ctx, q, args, func(scan func(...any) error) error {
		found = true
		if err := scan(dest...); err != nil {
			return err
		}
		return errEnough
	})
	return found && err == nil, err
}

func (s *liteStmt) read(ctx context.Context, q *Query, each func(scan func(...any) error) error) (err error) {
	rows, err := s.query.QueryContext(q.watched(ctx), s.args)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
	}()
	if s.row == nil {
		s.row = make([]driver.Value, len(rows.Columns()))
	}
	scan := func(dest ...any) error { return assignAll(dest, s.row) }
	for {
		if err := rows.Next(s.row); err != nil {
			return end(err)
		}
		if err := each(scan); err == errEnough {
			return nil
		} else if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// watched is the context the driver is given. To interrupt a query in the middle
// of a step it needs a goroutine, so that only slow queries are watched; the
// others look at ctx between two rows.
func (q *Query) watched(ctx context.Context) context.Context {
	if q.slow {
		return ctx
	}
	return context.Background()
}

func (l *lite) ping(ctx context.Context) error {
	if p, ok := l.conn.(driver.Pinger); ok {
		return p.Ping(ctx)
	}
	return nil
}

// sound tells whether the connection can be used again.
func (l *lite) sound() bool {
	v, ok := l.conn.(driver.Validator)
	return !l.broken && (!ok || v.IsValid())
}

func (l *lite) close() error {
	for _, s := range l.stmts {
		s.query.Close()
	}
	return l.conn.Close()
}
