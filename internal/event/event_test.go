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

func TestShorten_losesNothingASlowReaderNeeds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		l := event.New(d)
		add := func(n int) {
			t.Helper()
			err := d.Tx(ctx, func(ctx context.Context) error {
				for range n {
					if err := l.Append(ctx, "test.done", "x", nil); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		read := map[string]int64{}
		reader := func(name string, batch int) event.Consumer {
			return event.Consumer{Name: name, Batch: batch, Handle: func(_ context.Context, b []event.Event) error {
				for _, e := range b {
					if e.Seq != read[name]+1 {
						t.Errorf("%s read %d after %d", name, e.Seq, read[name])
					}
					read[name] = e.Seq
				}
				return nil
			}}
		}
		shorten := func(want int64, names ...string) {
			t.Helper()
			if n, err := l.Shorten(ctx, names...); n != want || err != nil {
				t.Errorf("%d events went, want %d: %v", n, want, err)
			}
		}
		quick, slow := reader("quick", 0), reader("slow", 3)
		shorten(0, "quick")
		add(20)
		shorten(0, "quick", "slow") // neither has begun
		if err := l.Drain(ctx, quick); err != nil {
			t.Fatal(err)
		}
		shorten(0, "quick", "slow") // slow has not
		if _, err := l.Step(ctx, slow); err != nil {
			t.Fatal(err)
		}
		shorten(3, "quick", "slow")
		shorten(0, "quick") // slow is not named, but has read once and goes on
		add(5)
		if err := l.Drain(ctx, slow); err != nil {
			t.Fatal(err)
		}
		if err := l.Drain(ctx, quick); err != nil {
			t.Fatal(err)
		}
		if read["slow"] != 25 || read["quick"] != 25 {
			t.Errorf("read %v", read)
		}
		shorten(22, "quick", "slow")
		add(1) // numbers go on where they were
		if err := l.Drain(ctx, slow); err != nil || read["slow"] != 26 {
			t.Errorf("read %v, %v", read, err)
		}
	})
}

// While it is shortened, the hall goes on writing and reading.
func TestShorten_whileOthersReadAndWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		l := event.New(d)
		const all = 120
		var seen []int64
		c := event.Consumer{Name: "reader", Batch: 4, Handle: func(_ context.Context, b []event.Event) error {
			for _, e := range b {
				seen = append(seen, e.Seq)
			}
			return nil
		}}
		var wg sync.WaitGroup
		written := make(chan struct{})
		wg.Go(func() {
			defer close(written)
			for range all {
				if err := d.Tx(ctx, func(ctx context.Context) error { return l.Append(ctx, "test.done", "x", nil) }); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for done := false; !done; {
				select {
				case <-written:
					done = true
				default:
				}
				if _, err := l.Shorten(ctx, "reader"); err != nil {
					t.Error(err)
				}
			}
		})
		for len(seen) < all && !t.Failed() {
			if _, err := l.Step(ctx, c); err != nil {
				t.Error(err)
			}
		}
		wg.Wait()
		for i, s := range seen {
			if s != int64(i+1) {
				t.Fatalf("event %d has number %d", i, s)
			}
		}
		if _, err := l.Shorten(ctx, "reader"); err != nil {
			t.Error(err)
		}
		if n, err := l.Shorten(ctx, "reader"); n != 0 || err != nil {
			t.Errorf("%d left, %v", n, err)
		}
	})
}
