package db

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"

	"guildhall/internal/fault"
)

// Query is one registered SQL text. Rooms keep them as package variables on
// top of store.go.
type Query struct {
	name string
	text [2]string // by Engine
	ran  atomic.Bool
	slow bool
}

var registry struct {
	sync.Mutex
	byName map[string]*Query
}

// SQL registers a portable query under a name such as "forum.postInsert".
// Placeholders are $1, $2, …; it panics when the name is taken.
func SQL(name, text string) *Query { return SQLFor(name, text, text) }

// SQLFor registers a query that differs by engine. Only search may, and job to
// claim; any other needs a note in docs/decisions.
func SQLFor(name, sqlite, postgres string) *Query {
	q := &Query{name: name, text: [2]string{sqlite, postgres}}
	registry.Lock()
	defer registry.Unlock()
	if registry.byName == nil {
		registry.byName = map[string]*Query{}
	}
	if registry.byName[name] != nil {
		panic("db: query registered twice: " + name)
	}
	registry.byName[name] = q
	return q
}

// Slow marks a query that may think for long before it gives a row, so that on
// SQLite too it ends with its context; others end between two rows.
func (q *Query) Slow() *Query {
	q.slow = true
	return q
}

// Name tells the name under which the query was registered.
func (q *Query) Name() string { return q.name }

// Text tells the SQL for an engine.
func (q *Query) Text(e Engine) string { return q.text[e] }

// Ran tells whether this process has executed the query, for the test that
// refuses untested SQL.
func (q *Query) Ran() bool { return q.ran.Load() }

// Queries lists all registered queries by name.
func Queries() []*Query {
	registry.Lock()
	defer registry.Unlock()
	qs := make([]*Query, 0, len(registry.byName))
	for _, q := range registry.byName {
		qs = append(qs, q)
	}
	sort.Slice(qs, func(i, j int) bool { return qs[i].name < qs[j].name })
	return qs
}

// stmt prepares a query once for PostgreSQL; database/sql repeats it for each
// further connection of the pool.
func (d *DB) stmt(ctx context.Context, q *Query) (*sql.Stmt, error) {
	d.mu.RLock()
	s := d.stmts[q]
	d.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	s, err := d.write.PrepareContext(ctx, q.text[d.engine])
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", q.name, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if other := d.stmts[q]; other != nil {
		s.Close()
		return other, nil
	}
	d.stmts[q] = s
	return s, nil
}

// in returns the statement bound to the context's transaction, or to a reader.
func (d *DB) in(ctx context.Context, q *Query) (*sql.Stmt, error) {
	t := txOf(ctx)
	if t == nil {
		return d.stmt(ctx, q)
	}
	if t.db != d {
		return nil, fmt.Errorf("%s: the context's transaction is another database's", q.name)
	}
	// Inside a transaction a statement is prepared on its connection: waiting for
	// a second one of a pool that is all lent could last for ever.
	d.mu.RLock()
	s := d.stmts[q]
	d.mu.RUnlock()
	if s != nil {
		return t.tx.StmtContext(ctx, s), nil
	}
	return t.prepare(ctx, q)
}

// lite calls f with the connection of the context's transaction, or with one
// that is lent to it.
func (d *DB) lite(ctx context.Context, q *Query, f func(*lite) error) error {
	t := txOf(ctx)
	switch {
	case t == nil:
		l, err := d.readers.take(ctx)
		if err != nil {
			return translate(err)
		}
		defer d.readers.give(l)
		return translate(f(l))
	case t.db != d:
		return fmt.Errorf("%s: the context's transaction is another database's", q.name)
	case t.lite == nil:
		return fmt.Errorf("%s: the context's transaction is over", q.name)
	}
	return translate(f(t.lite))
}

// see notes that the query was executed.
func (q *Query) see() {
	if !q.ran.Load() { // a load shares the line between cores, a store does not
		q.ran.Store(true)
	}
}

// Exec runs a query that returns no rows, inside the context's transaction,
// and tells how many rows it touched. Without a transaction it is a bug.
func (d *DB) Exec(ctx context.Context, q *Query, args ...any) (n int64, err error) {
	t := txOf(ctx)
	if t == nil || t.readOnly {
		return 0, fmt.Errorf("db: %s needs a write transaction", q.name)
	}
	q.see()
	if d.engine == SQLite {
		err = d.lite(ctx, q, func(l *lite) (err error) {
			n, err = l.exec(ctx, q, args)
			return err
		})
		return n, err
	}
	s, err := d.in(ctx, q)
	if err != nil {
		return 0, translate(err)
	}
	r, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, translate(fmt.Errorf("%s: %w", q.name, err))
	}
	n, err = r.RowsAffected()
	return n, translate(err)
}

// Rows runs a query in the context's transaction or on a reader, calls scan for
// every row, and closes. scan gets the row's Scan method.
func (d *DB) Rows(ctx context.Context, q *Query, scan func(scan func(...any) error) error, args ...any) error {
	q.see()
	if d.engine == SQLite {
		return d.lite(ctx, q, func(l *lite) error { return l.rows(ctx, q, args, scan) })
	}
	s, err := d.in(ctx, q)
	if err != nil {
		return translate(err)
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return translate(fmt.Errorf("%s: %w", q.name, err))
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return translate(fmt.Errorf("%s: %w", q.name, err))
	}
	return nil
}

// Row runs a query that gives at most one row and scans it into dest. found is
// false, without an error, when there is none.
func (d *DB) Row(ctx context.Context, q *Query, args []any, dest ...any) (found bool, err error) {
	q.see()
	if d.engine == SQLite {
		err = d.lite(ctx, q, func(l *lite) (err error) {
			found, err = l.first(ctx, q, args, dest)
			return err
		})
		return found, err
	}
	s, err := d.in(ctx, q)
	if err != nil {
		return false, translate(err)
	}
	err = s.QueryRowContext(ctx, args...).Scan(dest...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	if err != nil {
		return false, translate(fmt.Errorf("%s: %w", q.name, err))
	}
	return true, nil
}

// Prepare checks that the query is understood by this database, and forgets it.
func (d *DB) Prepare(ctx context.Context, q *Query) error {
	s, err := d.write.PrepareContext(ctx, q.text[d.engine])
	if err != nil {
		return fault.New(fault.Internal, "fault.internal").Because(fmt.Errorf("%s: %w", q.name, err))
	}
	return s.Close()
}
