package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

var qAll = db.SQL("dbtest.all", `SELECT name FROM event_cursor ORDER BY name`)

func names(t *testing.T, d *db.DB) string {
	t.Helper()
	var all []string
	err := d.Rows(context.Background(), qAll, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return strings.Join(all, " ")
}

// Those who wait for their turn share a commit, and nobody returns before it;
// who refuses, panics or goes away takes back what was her own and nothing else.
func TestTx_sharesACommit(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	db.Patient(d)
	ctx, cancel := context.WithCancel(context.Background())
	boom := errors.New("boom")
	insert := func(name string, then func() error) func(context.Context) error {
		return func(ctx context.Context) error {
			if _, err := d.Exec(ctx, qInsert, name, 1); err != nil {
				return err
			}
			return then()
		}
	}
	fine := func() error { return nil }
	results := make([]error, 6)
	var wg sync.WaitGroup
	queue := func(i int, ctx context.Context, f func(context.Context) error) {
		wg.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					results[i] = fmt.Errorf("panic: %v", r)
				}
			}()
			results[i] = d.Tx(ctx, f)
		})
		db.AwaitQueue(d, i+1)
	}
	err := d.Tx(context.Background(), func(first context.Context) error {
		if _, err := d.Exec(first, qInsert, "first", 1); err != nil {
			return err
		}
		queue(0, context.Background(), insert("a", fine))
		queue(1, context.Background(), insert("refused", func() error { return boom }))
		queue(2, context.Background(), insert("panicked", func() error { panic("x") }))
		queue(3, context.Background(), insert("first", fine)) // its name is taken
		queue(4, ctx, insert("away", func() error { cancel(); return nil }))
		queue(5, context.Background(), func(ctx context.Context) error {
			if got := names(t, d); got != "" {
				t.Errorf("a reader sees %q before the commit", got)
			}
			return insert("z", fine)(ctx)
		})
		return nil
	})
	wg.Wait()
	if err != nil || results[0] != nil || results[5] != nil {
		t.Errorf("%v; %v", err, results)
	}
	if !errors.Is(results[1], boom) || results[2] == nil || !db.IsUnique(results[3]) || !errors.Is(results[4], context.Canceled) {
		t.Errorf("%v", results)
	}
	if got := names(t, d); got != "a first z" {
		t.Errorf("there is %q", got)
	}
}

// Who stops waiting is out of the queue, and the others are served.
func TestTx_leavesTheQueue(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	db.Patient(d)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	later := func(name string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := d.Exec(ctx, qInsert, name, 1)
			return err
		}
	}
	var gone, stayed error
	err := d.Tx(context.Background(), func(context.Context) error {
		wg.Go(func() { gone = d.Tx(ctx, later("gone")) })
		db.AwaitQueue(d, 1)
		wg.Go(func() { stayed = d.Tx(context.Background(), later("stayed")) })
		db.AwaitQueue(d, 2)
		cancel()
		db.AwaitQueue(d, 1)
		return nil
	})
	wg.Wait()
	if err != nil || !errors.Is(gone, context.Canceled) || stayed != nil {
		t.Errorf("%v, %v, %v", err, gone, stayed)
	}
	if got := names(t, d); got != "stayed" {
		t.Errorf("there is %q", got)
	}
}

// A commit that fails is told to everybody who shared it.
func TestTx_aFailedCommitIsTold(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	db.Patient(d)
	dangling := db.SQL("dbtest.dangling", `INSERT INTO face_profile (face_id, about, about_html, skills, languages, zone, links)
		VALUES ('nobody', '', '', '', '', '', '')`)
	later := db.SQL("dbtest.later", `PRAGMA defer_foreign_keys = 1`)
	var wg sync.WaitGroup
	var guest error
	err := d.Tx(context.Background(), func(ctx context.Context) error {
		if _, err := d.Exec(ctx, later); err != nil {
			return err
		}
		if _, err := d.Exec(ctx, dangling); err != nil {
			return err
		}
		wg.Go(func() {
			guest = d.Tx(context.Background(), func(ctx context.Context) error {
				_, err := d.Exec(ctx, qInsert, "guest", 1)
				return err
			})
		})
		db.AwaitQueue(d, 1)
		return nil
	})
	wg.Wait()
	if err == nil || guest == nil {
		t.Errorf("the commit failed, and yet: %v, %v", err, guest)
	}
	if got := names(t, d); got != "" {
		t.Errorf("there is %q", got)
	}
	if err := d.Tx(context.Background(), func(ctx context.Context) error {
		_, err := d.Exec(ctx, qInsert, "after", 1)
		return err
	}); err != nil {
		t.Errorf("the writer is stuck: %v", err)
	}
}

// The log does not grow with what is written: it is moved beside the writer.
func TestTx_theLogStaysShort(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	ctx := context.Background()
	long := strings.Repeat("x", 100_000)
	q := db.SQL("dbtest.big", `INSERT INTO event_cursor (name, seq) VALUES ($1 || $2, 1)`)
	var longest int64
	for i := range 1200 { // 120 MB
		if err := d.Tx(ctx, func(ctx context.Context) error { _, err := d.Exec(ctx, q, fmt.Sprint(i), long); return err }); err != nil {
			t.Fatal(err)
		}
		_, wal, err := d.Size(ctx)
		if err != nil {
			t.Fatal(err)
		}
		longest = max(longest, wal)
	}
	if longest > 90<<20 {
		t.Errorf("the log grew to %d MB", longest>>20)
	}
	t.Logf("the log grew to %d MB", longest>>20)
}
