package db_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

type word string
type level uint8

// What a column holds comes into every kind of place that rooms use; what does
// not fit is an error, and nothing is bent to fit.
func TestRow_placesOnSQLite(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	ctx := context.Background()
	q := db.SQL("dbtest.places", `SELECT 'x', 'y', 7, -7, 200, 1, x'0102', NULL, 2.5, 9`)
	var (
		s     string
		w     word
		n     int
		n64   int64
		l     level
		yes   bool
		b     []byte
		none  []byte
		float float64
		a     any
	)
	found, err := d.Row(ctx, q, nil, &s, &w, &n, &n64, &l, &yes, &b, &none, &float, &a)
	if err != nil || !found || s != "x" || w != "y" || n != 7 || n64 != -7 || l != 200 || !yes || string(b) != "\x01\x02" || none != nil ||
		float != 2.5 || a != int64(9) {
		t.Errorf("%v %v: %v", found, err, []any{s, w, n, n64, l, yes, b, none, float, a})
	}
	one := db.SQL("dbtest.place", `SELECT $1`)
	for _, c := range []struct{ value, place any }{
		{"x", new(int)}, {7, new(string)}, {nil, new(string)}, {300, new(level)}, {-1, new(level)}, {"x", new(bool)}, {7, new(word)}, {"x", *new(any)},
	} {
		if found, err := d.Row(ctx, one, []any{c.value}, c.place); err == nil || found {
			t.Errorf("%v came into a %T", c.value, c.place)
		}
	}
	if _, err := d.Row(ctx, one, []any{word("x")}, &w); err != nil || w != "x" {
		t.Errorf("%v %v", w, err)
	}
	if _, err := d.Row(ctx, one, []any{"x"}, &s, &w); err == nil {
		t.Error("one column filled two places")
	}
}

// RawBytes lend a text until the next row, on both engines.
func TestRows_lentTexts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := db.SQL("dbtest.lent."+d.Engine().String(), `SELECT 'one', 1 UNION ALL SELECT '', 2 UNION ALL SELECT 'ثلاثة', 3 ORDER BY 2`)
		var got []string
		err := d.Rows(context.Background(), q, func(scan func(...any) error) error {
			var lent sql.RawBytes
			var n int64
			if err := scan(&lent, &n); err != nil {
				return err
			}
			got = append(got, string(lent))
			return nil
		})
		if want := []string{"one", "", "ثلاثة"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%q %v, want %q", got, err, want)
		}
	})
}

// A query may be asked again while its rows are being read.
func TestRows_ofTheSameQueryNested(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	put(t, d, "a", "b", "c")
	seen := 0
	err := d.View(context.Background(), func(ctx context.Context) error {
		each := func(scan func(...any) error) error { var s string; seen++; return scan(&s) }
		return d.Rows(ctx, qAll, func(scan func(...any) error) error {
			if err := each(scan); err != nil {
				return err
			}
			return d.Rows(ctx, qAll, each)
		})
	})
	if err != nil || seen != 3+9 {
		t.Errorf("%d rows, %v", seen, err)
	}
}

// A slow query ends with its context in the middle of a step, others between two
// rows, and the reader can be used again.
func TestRows_endWithTheContext(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	endless := db.SQL("dbtest.endless", `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`).Slow()
	long := db.SQL("dbtest.long", `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n`)
	for _, q := range []*db.Query{endless, long} {
		for range 8 { // more often than there are readers
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			err := d.View(ctx, func(ctx context.Context) error {
				return d.Rows(ctx, q, func(scan func(...any) error) error { var n int; return scan(&n) })
			})
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", q.Name(), err)
			}
		}
	}
	if got := names(t, d); got != "" {
		t.Errorf("there is %q", got)
	}
}

// A hall at rest keeps one reader; those that are at work stay, and others come back
// when they are needed.
func TestRest_letsIdleReadersGo(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	put(t, d, "one")
	nested := func(ctx context.Context, inside func()) error { // three readers at once
		return d.View(ctx, func(context.Context) error {
			return d.View(context.Background(), func(context.Context) error {
				return d.View(context.Background(), func(ctx context.Context) error {
					inside()
					return d.Rows(ctx, qAll, func(scan func(...any) error) error { var s string; return scan(&s) })
				})
			})
		})
	}
	for range 2 {
		if err := nested(context.Background(), func() {}); err != nil {
			t.Fatal(err)
		}
		if n := db.Idle(d); n != 3 {
			t.Errorf("%d idle readers after a crowd of three", n)
		}
		if err := d.Rest(); err != nil {
			t.Fatal(err)
		}
		if n := db.Idle(d); n != 1 {
			t.Errorf("%d idle readers at rest", n)
		}
		if err := nested(context.Background(), func() {
			if err := d.Rest(); err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Errorf("in the middle of a crowd: %v", err)
		}
	}
}

// The driver sorts settings, so that what is said twice may hold or not.
func TestOpen_settingsHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hasty bool
		want  []any
	}{
		{false, []any{"wal", int64(8192), int64(2), int64(1), int64(-8000), int64(0), int64(1)}},
		{true, []any{"wal", int64(8192), int64(0), int64(0), int64(-262144), int64(20000), int64(1)}},
	} {
		d, err := db.Open(context.Background(), db.Config{Dir: t.TempDir(), Hasty: c.hasty})
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.Settings(d, "journal_mode", "page_size", "synchronous", "secure_delete", "cache_size", "wal_autocheckpoint", "foreign_keys")
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("hasty %v: %v, %v, want %v", c.hasty, got, err, c.want)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

func put(t *testing.T, d *db.DB, names ...string) {
	t.Helper()
	err := d.Tx(context.Background(), func(ctx context.Context) error {
		for _, n := range names {
			if _, err := d.Exec(ctx, qInsert, n, 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
