package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/fault"
)

var (
	qInsert = db.SQL("dbtest.insert", `INSERT INTO event_cursor (name, seq) VALUES ($1, $2)`)
	qSwap   = db.SQL("dbtest.swap", `UPDATE event_cursor SET seq = $2 WHERE name = $1`)
	qDelete = db.SQL("dbtest.delete", `DELETE FROM event_cursor WHERE name = $1`)
	qOne    = db.SQL("dbtest.one", `SELECT seq FROM event_cursor WHERE name = $1`)
)

func TestTx_joinsAndCommits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		after := 0
		err := d.Tx(ctx, func(ctx context.Context) error {
			if _, err := d.Exec(ctx, qInsert, "a", 1); err != nil {
				return err
			}
			return d.Tx(ctx, func(ctx context.Context) error {
				db.AfterCommit(ctx, func() { after++ })
				if after != 0 || !db.InTx(ctx) {
					t.Error("the hook ran before the commit, or the transaction is not seen")
				}
				_, err := d.Exec(ctx, qSwap, "a", 7)
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		var seq int64
		if found, err := d.Row(ctx, qOne, []any{"a"}, &seq); err != nil || !found || seq != 7 {
			t.Errorf("got %v %d %v", found, seq, err)
		}
		if after != 1 {
			t.Errorf("the hook ran %d times", after)
		}
	})
}

func TestTx_rollsBackOnErrorAndPanic(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		boom := errors.New("boom")
		insert := func(ctx context.Context) {
			if _, err := d.Exec(ctx, qInsert, "b", 1); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Tx(ctx, func(ctx context.Context) error { insert(ctx); return boom }); !errors.Is(err, boom) {
			t.Errorf("got %v", err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = d.Tx(ctx, func(ctx context.Context) error { insert(ctx); panic("x") })
		}()
		var seq int64
		if found, err := d.Row(ctx, qOne, []any{"b"}, &seq); found || err != nil {
			t.Errorf("a refused transaction left a row (%v)", err)
		}
	})
}

func TestIsUnique(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Tx(context.Background(), func(ctx context.Context) error {
			_, _ = d.Exec(ctx, qInsert, "c", 1)
			_, err := d.Exec(ctx, qInsert, "c", 2)
			return err
		})
		if !db.IsUnique(err) || db.IsUnique(errors.New("other")) {
			t.Errorf("got %v", err)
		}
	})
}

func TestExec_refusesOutsideTx(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if _, err := d.Exec(ctx, qInsert, "d", 1); err == nil {
			t.Error("a write outside a transaction was accepted")
		}
		err := d.View(ctx, func(ctx context.Context) error {
			_, err := d.Exec(ctx, qInsert, "d", 1)
			return err
		})
		if err == nil {
			t.Error("a write in a view was accepted")
		}
	})
}

// The settings must hold on every connection of the pool, not only the first.
func TestForeignKeysOnEveryConnection(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	ctx := context.Background()
	q := db.SQL("dbtest.fk", `PRAGMA foreign_keys`)
	var nest func(ctx context.Context, n int)
	nest = func(ctx context.Context, n int) {
		err := d.Rows(ctx, q, func(scan func(...any) error) error {
			var on int
			if err := scan(&on); err != nil || on != 1 {
				t.Errorf("connection %d: foreign_keys=%d %v", n, on, err)
			}
			if n < 3 {
				nest(ctx, n+1)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	nest(ctx, 0)
}

func TestMigrate_refusesNewerSchema(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		q := db.SQL("dbtest.newer."+d.Engine().String(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, true)`)
		if err := d.Tx(ctx, func(ctx context.Context) error { _, err := d.Exec(ctx, q, 999_999); return err }); err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(ctx); !fault.Is(err, fault.Conflict) {
			t.Errorf("got %v", err)
		}
	})
}

// The directory may be one that everybody may enter: the file is for its owner.
func TestOpen_keepsTheFileFromOthers(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 2 {
		t.Fatalf("%v %v", files, err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v %v", f.Name(), info.Mode(), err)
		}
	}
}

func TestForget_leavesNothingOfWhatWasDeleted(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	for _, q := range []*db.Query{qInsert, qDelete} {
		err := d.Tx(ctx, func(ctx context.Context) error {
			for i := range 50 {
				args := []any{fmt.Sprint("canary", i), i}
				if q == qDelete {
					args = args[:1]
				}
				if _, err := d.Exec(ctx, q, args...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	left := func() (n int) {
		t.Helper()
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			n += bytes.Count(b, []byte("canary"))
		}
		return n
	}
	if left() == 0 {
		t.Fatal("the log held nothing: this test shows nothing")
	}
	if err := d.Forget(ctx); err != nil {
		t.Fatal(err)
	}
	if n := left(); n != 0 {
		t.Errorf("%d deleted rows can still be read", n)
	}
}

// The log is moved beside the writer whenever it is long; forgetting waits for that.
func TestForget_whileTheLogIsMoved(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	ctx, stop := context.WithCancel(context.Background())
	moved := make(chan error, 1)
	go func() {
		for ctx.Err() == nil {
			if err := db.MoveLog(d); err != nil {
				moved <- err
				return
			}
		}
		moved <- nil
	}()
	for i := range 200 {
		err := d.Tx(ctx, func(ctx context.Context) error {
			_, err := d.Exec(ctx, qInsert, fmt.Sprint("row", i), i)
			return err
		})
		if err == nil {
			err = d.Forget(ctx)
		}
		if err != nil {
			t.Errorf("after %d rows: %v", i, err)
			break
		}
	}
	stop()
	if err := <-moved; err != nil {
		t.Error(err)
	}
}

func TestTime_roundTrips(t *testing.T) {
	now := time.Date(2020, 6, 26, 1, 2, 3, 4000, time.UTC)
	if got := db.Time(db.Micros(now)); !got.Equal(now) {
		t.Errorf("got %v", got)
	}
}
