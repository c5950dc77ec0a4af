package job_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/fault"
	"guildhall/internal/job"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func add(t *testing.T, d *db.DB, q *job.Queue, kind, key string, at time.Time) {
	t.Helper()
	err := d.Tx(context.Background(), func(ctx context.Context) error { return q.Add(ctx, kind, key, map[string]string{"id": "x"}, at) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestStep_backsOffThenDies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		c := &clock{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		q := job.New(d, c.now)
		tries := 0
		q.Handle("letter.send", func(_ context.Context, j job.Job) error {
			tries++
			var p struct{ ID string }
			if err := j.Decode(&p); err != nil || p.ID != "x" || j.Attempt != tries {
				t.Errorf("payload %v %v, attempt %d", p, err, j.Attempt)
			}
			return errors.New("no post today")
		})
		add(t, d, q, "letter.send", "k", c.at)
		add(t, d, q, "letter.send", "k", c.at) // the same key: one job
		for range job.MaxAttempts {
			if did, err := q.Step(ctx); !did || err == nil {
				t.Fatalf("did %v, %v", did, err)
			}
			if did, _ := q.Step(ctx); did {
				t.Fatal("it was tried again without waiting")
			}
			c.at = c.at.Add(2 * time.Hour)
		}
		waiting, dead, err := q.Counts(ctx)
		if tries != job.MaxAttempts || waiting != 0 || dead != 1 || err != nil {
			t.Errorf("%d tries, %d wait, %d dead, %v", tries, waiting, dead, err)
		}
	})
}

func TestStep_uselessDiesAtOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	q := job.New(d, time.Now)
	q.Handle("k", func(context.Context, job.Job) error { return fault.New(fault.NotFound, "fault.not_found") })
	add(t, d, q, "k", "", time.Now())
	if did, err := q.Step(context.Background()); !did || !fault.Is(err, fault.NotFound) {
		t.Errorf("%v %v", did, err)
	}
	if w, dead, _ := q.Counts(context.Background()); w != 0 || dead != 1 {
		t.Errorf("%d wait, %d dead", w, dead)
	}
}

// A worker whose lease ran out must not finish what another has begun.
func TestStep_completionIsFenced(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		c := &clock{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		slow, fast := job.New(d, c.now), job.New(d, c.now)
		begun, finish := make(chan struct{}), make(chan struct{})
		slow.Handle("k", func(context.Context, job.Job) error { close(begun); <-finish; return nil })
		fast.Handle("k", func(context.Context, job.Job) error { return errors.New("not yet") })
		add(t, d, slow, "k", "", c.at)
		done := make(chan struct{})
		go func() { defer close(done); _, _ = slow.Step(ctx) }()
		<-begun
		if did, _ := fast.Step(ctx); did {
			t.Error("two workers hold one lease")
		}
		c.at = c.at.Add(2 * time.Minute) // the lease is over
		if did, err := fast.Step(ctx); !did || err == nil {
			t.Errorf("the second worker did not take over: %v %v", did, err)
		}
		close(finish)
		<-done
		if w, _, _ := fast.Counts(ctx); w != 1 {
			t.Errorf("the first worker's late completion removed the job (%d wait)", w)
		}
	})
}

// Who answers slowly outside holds up nothing of the hall's own.
func TestRun_apart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(context.Background())
		q := job.New(d, time.Now)
		q.Apart("terms.check", "mandate.check")
		hangs, done := make(chan struct{}), make(chan string, 4)
		q.Handle("mandate.check", func(ctx context.Context, _ job.Job) error { close(hangs); <-ctx.Done(); return ctx.Err() })
		q.Handle("account.erase", func(context.Context, job.Job) error { done <- "erased"; return nil })
		add(t, d, q, "mandate.check", "", time.Now().Add(-time.Hour))
		ended := make(chan struct{})
		go func() { defer close(ended); q.Run(ctx) }()
		<-hangs
		add(t, d, q, "account.erase", "", time.Now().Add(-time.Minute))
		if got := <-done; got != "erased" {
			t.Error(got)
		}
		stop()
		<-ended
	})
}

func TestEvery_oncePerPeriod(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		c := &clock{time.Date(2026, 1, 1, 0, 30, 0, 0, time.UTC)}
		n := 0
		queues := []*job.Queue{job.New(d, c.now), job.New(d, c.now)}
		for _, q := range queues {
			q.Every(time.Hour, "sweep", func(context.Context, job.Job) error { n++; return nil })
		}
		for range 3 {
			for _, q := range queues {
				for did := true; did; {
					var err error
					if did, err = q.Step(ctx); err != nil {
						t.Fatal(err)
					}
				}
			}
			c.at = c.at.Add(time.Hour)
		}
		if n != 3 {
			t.Errorf("ran %d times in three hours", n)
		}
		c.at = c.at.Add(-25 * time.Hour) // to a time without a turn of its own yet
		if did, err := queues[0].Step(ctx); !did || err != nil || n != 4 {
			t.Errorf("a clock set back a day stops repeated work: %v, ran %d times", err, n)
		}
		c.at = c.at.Add(-time.Minute)
		if did, err := queues[0].Step(ctx); did || err != nil {
			t.Errorf("it ran twice in its hour: %v", err)
		}
	})
}
