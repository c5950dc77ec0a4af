package notice_test

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// spent is the processor time of this program so far.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkClimb lets the notices of people in five zones, with a phone and a desk each,
// light their second rung, and says what 100,000 of them cost of a core; and how many a
// core raises and hands over in a second.
func BenchmarkClimb(b *testing.B) {
	const people = 20_000
	zones := []string{"UTC", "Europe/Madrid", "Asia/Manila", "America/New_York", "Asia/Kolkata"}
	h := open(b, dbtest.Open(b, db.SQLite))
	var faces []face.ID
	h.ok(h.DB.Tx(h.ctx, func(ctx context.Context) error {
		for i := range people {
			f := face.ID(fmt.Sprint(i))
			faces = append(faces, f)
			for rung, name := range []string{"phone", "desk"} {
				to := push.Subscription{Endpoint: fmt.Sprint(name, i), Key: "k", Auth: "a"}
				if err := h.Subscribe(ctx, f, notice.Subscription{Subscription: to, Session: name, Zone: zones[i%len(zones)]}); err != nil {
					return err
				}
				list, err := h.Devices(ctx, f)
				if err != nil {
					return err
				}
				if rung == 1 {
					err = h.Place(ctx, f, list[0].ID, 2)
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	}))
	var cost, raised, handed time.Duration
	for b.Loop() {
		b.StopTimer()
		h.at = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		began := spent(b)
		h.ok(h.Raise(h.ctx, notice.Replies, faces))
		raised += spent(b) - began
		began = spent(b)
		_, err := h.Deliver(h.ctx)
		h.ok(err)
		handed += spent(b) - began
		h.at = h.at.Add(20 * time.Minute)
		began = spent(b)
		b.StartTimer()
		h.ok(h.Climb(h.ctx))
		b.StopTimer()
		cost += spent(b) - began
		_, err = h.Deliver(h.ctx)
		h.ok(err)
		for range 40 {
			h.at = h.at.Add(time.Hour)
			h.ok(h.Climb(h.ctx))
			_, err = h.Deliver(h.ctx)
			h.ok(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(people*float64(b.N)/raised.Seconds(), "raised/core-s")
	b.ReportMetric(people*float64(b.N)/handed.Seconds(), "handed/core-s") // to what sends, which sends nothing here
	b.ReportMetric(cost.Seconds()/float64(b.N)*100_000/people, "core-s/100k")
}
