package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/fault"
)

// Copied is one table after a copy.
type Copied struct {
	Table string
	Rows  int64
}

var (
	createdTable = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)
	// made anew by its room from what the others hold, in each engine's own way
	derived = regexp.MustCompile(`^(search_|forum_(un)?bound$)`)
	// rows that migrations write: they may be there, and are replaced
	seeded = map[string]bool{"event_head": true}
)

// tables lists the tables of all rooms in the order of their making, which is
// one that foreign keys allow. Those that are made anew are left out.
func tables() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var list []string
	for _, n := range names {
		b, err := migrations.ReadFile(n)
		if err != nil {
			return nil, err
		}
		for _, m := range createdTable.FindAllStringSubmatch(string(b), -1) {
			// A later migration may make a table anew.
			if !derived.MatchString(m[1]) && !slices.Contains(list, m[1]) {
				list = append(list, m[1])
			}
		}
	}
	return list, nil
}

// CopyTo copies everything to another, empty database of either engine, in one
// transaction, and reads it again to compare. Both must have this program's
// schema. The index of search and bound pages are left out: they are made anew. Faults:
// Conflict when to is not empty.
func (d *DB) CopyTo(ctx context.Context, to *DB) (done []Copied, err error) {
	defer fault.Wrap(&err, "db.CopyTo")
	list, err := tables()
	if err != nil {
		return nil, err
	}
	from, err := d.read.BeginTx(ctx, d.snapshot())
	if err != nil {
		return nil, translate(err)
	}
	defer func() { _ = from.Rollback() }()
	into, err := to.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, translate(err)
	}
	defer func() { _ = into.Rollback() }()
	if err := empty(ctx, into, list); err != nil {
		return nil, err
	}
	for _, table := range list {
		n, err := copyTable(ctx, from, into, table)
		if err != nil {
			return nil, translate(fmt.Errorf("table %s: %w", table, err))
		}
		done = append(done, Copied{table, n})
	}
	return done, translate(into.Commit())
}

// snapshot are the options under which all tables are read as of one moment.
func (d *DB) snapshot() *sql.TxOptions {
	if d.engine == SQLite {
		return nil // a deferred transaction reads one snapshot
	}
	return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
}

func empty(ctx context.Context, tx *sql.Tx, list []string) error {
	for _, table := range list {
		var n int64
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			return translate(err)
		}
		if n > 0 && !seeded[table] {
			return fault.New(fault.Conflict, "db.copy_not_empty", table)
		}
	}
	return nil
}

// copyTable copies one table and compares what arrived.
func copyTable(ctx context.Context, from, into *sql.Tx, table string) (int64, error) {
	if seeded[table] {
		if _, err := into.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return 0, err
		}
	}
	in := inserter{tx: into, table: table}
	defer in.close()
	sent, err := readTable(ctx, from, table, func(columns []string, row []any) error { return in.add(ctx, columns, row) })
	if err != nil {
		return 0, err
	}
	if err := in.flush(ctx); err != nil {
		return 0, err
	}
	arrived, err := readTable(ctx, into, table, nil)
	if err != nil {
		return 0, err
	}
	if sent != arrived {
		return 0, fmt.Errorf("%d rows arrived of %d, or not as they were", arrived.rows, sent.rows)
	}
	return sent.rows, nil
}

// sum is what a table holds, whatever the order of its rows.
type sum struct {
	rows int64
	hash [4]uint64
}

func (s *sum) add(row []any) {
	h := sha256.New()
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			h.Write([]byte{0})
		case int64:
			h.Write(binary.BigEndian.AppendUint64([]byte{1}, uint64(v)))
		case string:
			h.Write(binary.BigEndian.AppendUint64([]byte{2}, uint64(len(v))))
			h.Write([]byte(v))
		case []byte:
			h.Write(binary.BigEndian.AppendUint64([]byte{3}, uint64(len(v))))
			h.Write(v)
		default:
			fmt.Fprintf(h, "%T %v", v, v)
		}
	}
	b := h.Sum(nil)
	for i := range s.hash {
		s.hash[i] += binary.BigEndian.Uint64(b[8*i:])
	}
	s.rows++
}

// readTable reads all rows, gives each to use, and sums them up.
func readTable(ctx context.Context, tx *sql.Tx, table string, use func(columns []string, row []any) error) (s sum, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return s, err
	}
	for rows.Next() {
		row := make([]any, len(columns))
		at := make([]any, len(columns))
		for i := range row {
			at[i] = &row[i]
		}
		if err := rows.Scan(at...); err != nil {
			return s, err
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok && b == nil {
				row[i] = []byte{} // the driver's way to say: there, and empty
			}
		}
		s.add(row)
		if use != nil {
			if err := use(columns, row); err != nil {
				return s, err
			}
		}
	}
	return s, rows.Err()
}

// inserter writes rows many at a time.
type inserter struct {
	tx    *sql.Tx
	table string
	into  string // the table with its columns
	width int
	full  *sql.Stmt
	args  []any
}

// insertAtOnce is how many values go into one statement; SQLite takes 32,766.
const insertAtOnce = 2000

func (in *inserter) add(ctx context.Context, columns []string, row []any) error {
	if in.into == "" {
		in.into, in.width = in.table+" ("+strings.Join(columns, ", ")+")", len(columns)
	}
	in.args = append(in.args, row...)
	if len(in.args) < in.many()*in.width {
		return nil
	}
	if in.full == nil {
		s, err := in.tx.PrepareContext(ctx, in.statement(in.many()))
		if err != nil {
			return err
		}
		in.full = s
	}
	_, err := in.full.ExecContext(ctx, in.args...)
	in.args = in.args[:0]
	return err
}

func (in *inserter) many() int { return max(1, insertAtOnce/in.width) }

// flush writes what is left.
func (in *inserter) flush(ctx context.Context) error {
	if len(in.args) == 0 {
		return nil
	}
	_, err := in.tx.ExecContext(ctx, in.statement(len(in.args)/in.width), in.args...)
	in.args = in.args[:0]
	return err
}

func (in *inserter) close() {
	if in.full != nil {
		in.full.Close()
	}
}

func (in *inserter) statement(rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + in.into + " VALUES ")
	for i := range rows * in.width {
		switch {
		case i == 0:
			b.WriteString("($")
		case i%in.width == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteString(")")
	return b.String()
}

// Check asks the database whether it is whole: pages and indexes (SQLite; the
// server sees to it under PostgreSQL), foreign keys, and gives the rows of each
// table. Faults: Unavailable "db.corrupt".
func (d *DB) Check(ctx context.Context) (counts []Copied, err error) {
	defer fault.Wrap(&err, "db.Check")
	if d.engine == SQLite {
		if err := d.checkSQLite(ctx); err != nil {
			return nil, err
		}
	}
	list, err := tables()
	if err != nil {
		return nil, err
	}
	for _, table := range list {
		c := Copied{Table: table}
		if err := d.read.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&c.Rows); err != nil {
			return nil, translate(err)
		}
		counts = append(counts, c)
	}
	return counts, nil
}

func (d *DB) checkSQLite(ctx context.Context) error {
	var verdict string
	if err := d.read.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return translate(err)
	}
	if verdict != "ok" {
		return fault.New(fault.Unavailable, "db.corrupt").Because(fmt.Errorf("integrity_check: %s", verdict))
	}
	rows, err := d.read.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	if rows.Next() {
		return fault.New(fault.Unavailable, "db.corrupt").Because(fmt.Errorf("a row refers to one that is not there"))
	}
	return rows.Err()
}
