package news

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/job"
)

var (
	thing = Thing{Question, "q1"}
	other = Thing{Platform, "gig"}

	qTestFollow = db.SQL("news.testFollow", `INSERT INTO news_follow (thing_kind, thing_id, face_id) VALUES ($1, $2, $3)`)
	qTestCount  = db.SQL("news.testCount", `SELECT count(*), COALESCE(MIN(n), 0), COALESCE(MAX(n), 0) FROM news`)
)

func crowd(tb testing.TB, d *db.DB, n int) *Room {
	tb.Helper()
	now := func() time.Time { return time.Date(2020, 5, 28, 10, 35, 0, 0, time.UTC) }
	r := &Room{DB: d, Jobs: job.New(d, now), Now: now}
	err := d.Tx(tb.Context(), func(ctx context.Context) error {
		for i := range n {
			if _, err := d.Exec(ctx, qTestFollow, thing.Kind, thing.ID, fmt.Sprintf("f%06d", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func (r *Room) tell(ctx context.Context, seq int64, t Telling) error {
	return r.DB.Tx(ctx, func(ctx context.Context) error { return r.tellTx(ctx, seq, 0, t) })
}

// told wants so many lines, each with a count from least to most.
func told(t *testing.T, r *Room, lines, least, most int) {
	t.Helper()
	var n, a, b int
	if _, err := r.DB.Row(t.Context(), qTestCount, nil, &n, &a, &b); err != nil || n != lines || a != least || b != most {
		t.Errorf("%d lines with counts %d to %d (%v); want %d, %d to %d", n, a, b, err, lines, least, most)
	}
}

// Many are told by the job, each once: also when it stops between two batches, when
// somebody follows in two ways, and when the same thing happens again meanwhile.
func TestSpread_eachOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const many = 2*batchOf + 7
		ctx, r := t.Context(), crowd(t, d, many)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(r.Follow(ctx, "f000003", other))
		must(r.Follow(ctx, "f000004", other))
		tell := Telling{Kind: Answered, Thing: thing, To: []face.ID{"asker", "f000001", "gone"}, Followers: []Thing{thing, other}, Except: "f000004"}
		must(r.tell(ctx, 11, tell))
		told(t, r, 0, 0, 0)
		must(r.Forget(ctx, "gone"))
		for range 2 { // those whom it names, a batch of followers; then the program stops
			must(d.Tx(ctx, func(ctx context.Context) error {
				s, found, err := r.firstTx(ctx)
				if err != nil || !found {
					return fmt.Errorf("found %v: %w", found, err)
				}
				return r.onTx(ctx, s)
			}))
		}
		told(t, r, batchOf+1-1, 1, 1) // asker, and a batch without whoever did it

		// It happens again before all are told, also to somebody who was not.
		must(r.tell(ctx, 12, Telling{Kind: Answered, Thing: thing, Followers: []Thing{thing}, To: []face.ID{"f001000"}}))
		again := &Room{DB: d, Jobs: r.Jobs, Now: r.Now}
		for did := true; did; {
			var err error
			again.Jobs.Handle(SpreadJob, func(ctx context.Context, _ job.Job) error { return again.Spread(ctx) })
			did, err = again.Jobs.Step(ctx)
			must(err)
		}
		told(t, r, many+1, 1, 2)
		for f, n := range map[face.ID]int{"asker": 1, "f000000": 2, "f000001": 2, "f000003": 2, "f000004": 1, "f001000": 2, "f001006": 2} {
			list, err := r.List(ctx, f)
			must(err)
			if len(list) != 1 || list[0].N != n || list[0].Day != epoch.Day(r.Now()) {
				t.Errorf("%s is told %+v, want it %d times", f, list, n)
			}
		}
		must(again.Spread(ctx))
		told(t, r, many+1, 1, 2)
	})
}

// BenchmarkTell tells a hundred thousand and says how long others who write wait for
// the longest transaction of it: all at once, and a batch at a time.
func BenchmarkTell(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		for _, once := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/once=%v", e, once), func(b *testing.B) {
				r := crowd(b, dbtest.Open(b, e), 100_000)
				longest := time.Duration(0)
				for n := int64(1); b.Loop(); n++ {
					s := spread{seq: n, t: Telling{Kind: Answered, Thing: thing, Followers: []Thing{thing}}}
					for done := false; !done; {
						began := time.Now()
						err := r.DB.Tx(b.Context(), func(ctx context.Context) (err error) {
							done, err = r.stepTx(ctx, &s)
							for once && !done && err == nil {
								done, err = r.stepTx(ctx, &s)
							}
							return err
						})
						if err != nil {
							b.Fatal(err)
						}
						longest = max(longest, time.Since(began))
					}
				}
				b.ReportMetric(float64(longest.Microseconds())/1000, "ms/longest")
			})
		}
	}
}
