package db

import (
	"context"
	"errors"
	"fmt"
)

// lite is one connection to SQLite with what is prepared on it, for one
// goroutine at a time. It speaks to the library itself (library.go):
// database/sql starts goroutines that watch the context of each query, and its
// driver takes locks and makes a value for each column of each row.
type lite struct {
	*library
	stmts map[*Query]*liteStmt
	// broken: it is still in a transaction, and must not be used again
	broken bool
}

// liteStmt is a prepared query.
type liteStmt struct {
	statement
	busy bool // its rows are being read
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

// connect opens one connection and makes its settings.
func connect(path string, settings []setting) (*lite, error) {
	c, err := openLibrary(path)
	if err != nil {
		return nil, err
	}
	l := &lite{library: c, stmts: map[*Query]*liteStmt{}}
	for _, s := range settings {
		if err := l.once("PRAGMA " + s.name + "=" + s.value); err != nil {
			l.close()
			return nil, err
		}
	}
	return l, nil
}

// once runs what is needed once only.
func (l *lite) once(text string) error {
	s, err := l.library.prepare(text)
	if err != nil {
		return err
	}
	defer s.finalize()
	return s.run()
}

// prepare gives the query ready to run. One whose rows are being read just now
// is prepared a second time, and passing tells that it is to be closed after.
func (l *lite) prepare(q *Query) (s *liteStmt, passing bool, err error) {
	s = l.stmts[q]
	if s != nil && !s.busy {
		return s, false, nil
	}
	p, err := l.library.prepare(q.text[SQLite])
	if err != nil {
		return nil, false, fmt.Errorf("prepare %s: %w", q.name, err)
	}
	passing = s != nil
	s = &liteStmt{statement: p}
	if !passing {
		l.stmts[q] = s
	}
	return s, passing, nil
}

// free lets what was read go, and the statement be used again.
func (s *liteStmt) free(passing bool) {
	s.reset()
	s.busy = false
	if passing {
		s.finalize()
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
	if err = s.bind(args); err == nil {
		err = l.watched(ctx, q, s.run)
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", q.name, err)
	}
	return l.changes(), nil
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
	s.busy = true
	if err = s.bind(args); err == nil {
		err = l.watched(ctx, q, func() error { return s.read(ctx, each) })
	}
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

func (s *liteStmt) read(ctx context.Context, each func(scan func(...any) error) error) error {
	scan := s.scan // here, or it would be made anew for each row
	for {
		if more, err := s.step(); err != nil || !more {
			return err
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

// watched runs f. A slow query is interrupted in the middle of a step when its
// context ends; the others look at it between two rows, which needs no goroutine.
func (l *lite) watched(ctx context.Context, q *Query, f func() error) error {
	if !q.slow {
		return f()
	}
	interrupted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		l.interrupt()
		close(interrupted)
	})
	err := f()
	if !stop() { // it must not hit whoever uses the connection next
		<-interrupted
	}
	if cerr := ctx.Err(); err != nil && cerr != nil {
		return cerr
	}
	return err
}

// sound tells whether the connection can be used again.
func (l *lite) sound() bool { return !l.broken }

func (l *lite) close() error {
	for _, s := range l.stmts {
		s.finalize()
	}
	return l.library.close()
}
