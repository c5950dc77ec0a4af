package event_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
)

func TestStep_inOrderAndOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		l := event.New(d)
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range 10 {
					err := d.Tx(ctx, func(ctx context.Context) error {
						return l.Append(ctx, "test.done", fmt.Sprintf("%d-%d", w, i), map[string]int{"i": i})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var seen []int64
		fail := true
		c := event.Consumer{Name: "reader", Batch: 7, Handle: func(ctx context.Context, batch []event.Event) error {
			if fail {
				fail = false
				return errors.New("once")
			}
			for _, e := range batch {
				seen = append(seen, e.Seq)
			}
			return nil
		}}
		if _, err := l.Step(ctx, c); err == nil {
			t.Error("the consumer's error was lost")
		}
		if err := l.Drain(ctx, c); err != nil {
			t.Fatal(err)
		}
		if len(seen) != 40 {
			t.Fatalf("saw %d events", len(seen))
		}
		for i, s := range seen {
			if s != int64(i+1) {
				t.Fatalf("event %d has number %d", i, s)
			}
		}
		if n, err := l.Behind(ctx, "reader"); n != 0 || err != nil {
			t.Errorf("behind %d, %v", n, err)
		}
	})
}

func TestAppend_vanishesWithItsFact(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		l := event.New(d)
		boom := errors.New("boom")
		_ = d.Tx(ctx, func(ctx context.Context) error {
			if err := l.Append(ctx, "test.done", "x", nil); err != nil {
				t.Error(err)
			}
			return boom
		})
		if n, _ := l.Behind(ctx, "anyone"); n != 0 {
			t.Errorf("%d events stand without a fact", n)
		}
		if err := l.Append(ctx, "test.done", "x", nil); err == nil {
			t.Error("an event without a transaction was accepted")
		}
	})
}

func TestRun_wakesOnCommit(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	l := event.New(d)
	ctx, cancel := context.WithCancel(context.Background())
	got := make(chan string, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.Run(ctx, event.Consumer{Name: "w", Handle: func(_ context.Context, b []event.Event) error {
			got <- b[0].Subject
			return nil
		}})
	}()
	err := d.Tx(ctx, func(ctx context.Context) error { return l.Append(ctx, "test.done", "hello", nil) })
	if err != nil {
		t.Fatal(err)
	}
	if s := <-got; s != "hello" {
		t.Errorf("got %q", s)
	}
	cancel()
	<-done
}

func TestSkip(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		l := event.New(d)
		add := func(name string) {
			if err := d.Tx(ctx, func(ctx context.Context) error { return l.Append(ctx, "test.done", name, nil) }); err != nil {
				t.Fatal(err)
			}
		}
		add("before")
		if err := d.Tx(ctx, func(ctx context.Context) error { return l.Skip(ctx, "reader") }); err != nil {
			t.Fatal(err)
		}
		add("after")
		var seen []string
		err := l.Drain(ctx, event.Consumer{Name: "reader", Handle: func(_ context.Context, batch []event.Event) error {
			for _, e := range batch {
				seen = append(seen, e.Subject)
			}
			return nil
		}})
		if err != nil || len(seen) != 1 || seen[0] != "after" {
			t.Errorf("saw %v, %v", seen, err)
		}
	})
}
