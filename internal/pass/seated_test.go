package pass_test

import (
	"context"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/pass"
)

var (
	qAllSeats  = db.SQL("passtest.allSeats", `SELECT COUNT(*) FROM pass_seat`)
	qAllCounts = db.SQL("passtest.allCounts", `SELECT COUNT(*) FROM pass_count`)
)

// rows are how many the room has written down of rights.
func (h *hall) rows() (seats, counts int) {
	h.t.Helper()
	_, err := h.db.Row(ctx, qAllSeats, nil, &seats)
	h.must(err)
	_, err = h.db.Row(ctx, qAllCounts, nil, &counts)
	h.must(err)
	return seats, counts
}

// Between the note and the batch the database has nothing of a right, and all that was
// promised of one holds: the same bytes for the same request, nothing for another, also
// when the program was killed. Written down twice, it is there and counted once.
func TestServe_writesNothingBeforeTheBatch(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana, bo := h.person(1), h.person(2)
		bo.face = ana.face
		first, err := ana.serve(ana.cheap(742, "right"))
		h.must(err)
		for _, killed := range []bool{false, true} {
			if killed {
				h.Room = h.open([]byte("secret"))
			}
			if seats, counts := h.rows(); seats+counts != 0 {
				t.Errorf("killed %v: %d rows of seats, %d of counts", killed, seats, counts)
			}
			again, err := ana.serve(ana.cheap(742, "right"))
			h.must(err)
			if !same(first, again) {
				t.Errorf("killed %v: other bytes", killed)
			}
			_, err = bo.serve(bo.cheap(742, "right"))
			wantKey(t, err, "pass.serve.other")
		}
		list, err := h.waits(ctx)
		h.must(err)
		if len(list) != 1 {
			t.Fatalf("%d notes", len(list))
		}
		h.must(h.Seated(ctx, h.waits)) // and a crash before it is known to be done
		h.batch()
		if seats, _ := h.rows(); seats != 1 || h.counted() != 1 {
			t.Errorf("%d rows, %d counted", seats, h.counted())
		}
		again, err := ana.serve(ana.cheap(742, "right"))
		h.must(err)
		_, err = bo.serve(bo.cheap(742, "right"))
		wantKey(t, err, "pass.serve.other")
		if !same(first, again) {
			t.Error("other bytes after the batch")
		}
	})
}

// Notes have one length, and nobody but the room reads whose they are.
func TestServe_notesAreAlike(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for n, branch := range []string{"", "a", "a-branch-with-a-rather-long-name-as-labels-go"} {
			p := h.person(n)
			h.sit(p.face, pass.Standing{Seat: true, Eligible: true, Branch: branch})
			_, err := p.serve(p.cheap(742, "right"))
			h.must(err)
		}
		list, err := h.waits(ctx)
		h.must(err)
		for _, n := range list {
			if len(n.Seat) != len(list[0].Seat) || len(n.Mark) != len(list[0].Mark) {
				t.Errorf("notes of %d and %d bytes", len(n.Seat), len(list[0].Seat))
			}
		}
		h.Room = h.open([]byte("another secret"))
		h.batch()
		if seats, counts := h.rows(); seats+counts != 0 {
			t.Errorf("read without the secret: %d, %d", seats, counts)
		}
	})
}

// Who leaves while her right waits, or just as it is written down, leaves no row.
func TestForget_whileItWaits(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana, bo := h.person(1), h.person(2)
		for _, p := range []person{ana, bo} {
			_, err := p.serve(p.cheap(742, "right"))
			h.must(err)
		}
		h.must(h.Forget(ctx, ana.face))
		if got, err := h.Rights(ctx, ana.face); err != nil || len(got) > 0 || len(h.apart) != 1 {
			t.Errorf("after leaving: %v, %v, %d noted", got, err, len(h.apart))
		}
		left := make(chan error)
		h.must(h.Seated(ctx, func(ctx context.Context) ([]pass.Noted, error) {
			list, err := h.waits(ctx)
			go func() { left <- h.Forget(ctx, bo.face) }()
			return list, err
		}))
		h.must(<-left)
		h.batch()
		if seats, _ := h.rows(); seats != 0 {
			t.Errorf("%d rows of people who left", seats)
		}
	})
}
