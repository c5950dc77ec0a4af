package booking_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/booking"
	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// rings lets a hall note whom it reminds and rings; no push service can be away in it.
func (h *hall) rings() *[]string {
	heard := &[]string{}
	in := func(what string) func(context.Context, face.ID) error {
		return func(ctx context.Context, f face.ID) error {
			if !db.InTx(ctx) {
				return errors.New("outside the transaction")
			}
			*heard = append(*heard, fmt.Sprintf("%s %s %s", h.at.UTC().Format("2T15:04"), what, f))
			return nil
		}
	}
	h.Remind, h.Begin = in("remind"), in("ring")
	h.Tell = func(f face.ID) { *heard = append(*heard, "tell "+string(f)) }
	return heard
}

// passes lets minutes go by, one after the other.
func (h *hall) passes(until time.Time) {
	h.t.Helper()
	for ; h.at.Before(until); h.at = h.at.Add(time.Minute) {
		h.ok(h.Ring(h.ctx))
	}
}

func (h *hall) heard(list *[]string, want ...string) {
	h.t.Helper()
	if got := strings.Join(*list, ", "); got != strings.Join(want, ", ") {
		h.t.Errorf("heard %s; want %s", got, strings.Join(want, ", "))
	}
	*list = nil
}

// A meeting reminds once and rings once at its minute, is put away, and is met when its call
// is answered.
func TestRing_onceAtItsMinute(t *testing.T) {
	each(t, func(h *hall) {
		list := h.rings()
		h.ok(h.SetLink(h.ctx, h.ana, ident.Random()))
		b, secret := h.book(on(5, 10), "Bo")
		h.at = on(5, 10).Add(-20 * time.Minute)
		h.passes(on(5, 10).Add(time.Minute))
		h.heard(list, "5T08:50 remind ana", "5T09:00 ring ana", "tell ana")
		ringing, err := h.Ringing(h.ctx, h.ana)
		h.ok(err)
		if len(ringing) != 1 || ringing[0].ID != b.ID {
			t.Fatalf("it rings: %+v", ringing)
		}
		h.refused(h.PutAway(h.ctx, h.bo, b.ID), fault.NotFound, "fault.not_found")
		h.ok(h.PutAway(h.ctx, h.ana, b.ID))
		h.ok(h.PutAway(h.ctx, h.ana, b.ID))
		h.heard(list, "tell ana")
		if ringing, err = h.Ringing(h.ctx, h.ana); err != nil || len(ringing) > 0 {
			t.Errorf("it rings on: %+v %v", ringing, err)
		}
		_, err = h.Ringing(h.ctx, booking.Actor{})
		h.refused(err, fault.SignIn, "fault.sign_in")
		h.ok(h.Answered(h.ctx, b.ID))
		h.ok(h.Answered(h.ctx, "gone"))
		h.passes(on(5, 10).Add(30 * time.Minute))
		h.heard(list)
		if b := h.state(secret, booking.Firm); b.Outcome != booking.Met {
			t.Errorf("it has ended as %q", b.Outcome)
		}
	})
}

// Without a call it is noted after ten minutes that it has not taken place, and then it can be
// moved though it is over; where the hall does not carry it, nothing is noted.
func TestRing_notTakenPlace(t *testing.T) {
	each(t, func(h *hall) {
		list := h.rings()
		b, secret := h.book(on(5, 10), "Bo")
		_, elsewhere := h.book(on(6, 9), "Cleo")
		h.refused(h.SetLink(h.ctx, booking.Actor{}, ""), fault.SignIn, "fault.sign_in")
		h.refused(h.SetLink(h.ctx, h.bo, ""), fault.NotFound, "fault.not_found")
		h.refused(h.SetLink(h.ctx, h.ana, "x"), fault.Invalid, "fault.choose")
		h.ok(h.SetLink(h.ctx, h.ana, ident.Random()))
		h.at = on(5, 10)
		h.passes(on(5, 10).Add(booking.UnmetAfter))
		h.state(secret, booking.Firm)
		h.passes(on(5, 12))
		h.heard(list, "5T09:00 ring ana", "tell ana", "tell ana")
		if b := h.state(secret, booking.Firm); b.Outcome != booking.Unmet {
			t.Errorf("it has ended as %q", b.Outcome)
		}
		h.ok(h.Answered(h.ctx, b.ID)) // long over
		h.ok(h.Move(h.ctx, secret, on(6, 10)))
		if b := h.state(secret, booking.Firm); b.Outcome != "" || b.Told != "" {
			t.Errorf("of the new time it is noted %q %q", b.Told, b.Outcome)
		}
		h.ok(h.SetLink(h.ctx, h.ana, ""))
		h.at = on(6, 8)
		h.passes(on(6, 12))
		h.heard(list, "6T07:50 remind ana", "6T08:00 ring ana", "tell ana", "6T08:50 remind ana", "6T09:00 ring ana", "tell ana")
		for _, s := range []string{secret, elsewhere} {
			if b := h.state(s, booking.Firm); b.Outcome != "" {
				t.Errorf("it has ended as %q", b.Outcome)
			}
		}
		h.refused(h.Move(h.ctx, elsewhere, on(6, 10)), fault.Conflict, "booking.may.over")
		h.ok(h.Forget(h.ctx, h.ana.Face))
	})
}

// What is held, cancelled, or began while the hall was away long is not rung; a failure of one
// keeps nobody else from being rung, and is made up for.
func TestRing_whatDoesNot(t *testing.T) {
	each(t, func(h *hall) {
		list := h.rings()
		_, gone := h.book(on(5, 9), "Bo")
		h.ok(h.Cancel(h.ctx, gone))
		_, late := h.book(on(5, 10), "Cleo")
		h.at = on(5, 10).Add(-time.Hour)
		h.passes(on(5, 10).Add(-30 * time.Minute))
		h.at = on(5, 10).Add(booking.TooLate + time.Minute) // the hall was away
		h.passes(on(5, 11))
		h.heard(list)
		if b := h.state(late, booking.Firm); b.Told != booking.Late {
			t.Errorf("it is told as %q", b.Told)
		}
		h.feeds["https://one"] = "no calendar"
		_, err := h.AddFeed(h.ctx, h.ana, at("https://one"))
		h.ok(err)
		_, held := h.book(on(6, 9), "Dora")
		h.state(held, booking.Held)
		h.passes(on(6, 9).Add(time.Hour))
		h.heard(list)

		h.at = on(6, 9)
		b, _ := h.book(on(6, 11), "Emil")
		h.ok(h.Confirm(h.ctx, h.ana, b.ID))
		h.at = on(6, 11)
		h.Begin, h.Remind = func(context.Context, face.ID) error { return errors.New("away") }, nil
		if err := h.Ring(h.ctx); err == nil {
			t.Error("nobody says that it failed")
		}
		h.rings()
		list = h.rings()
		h.at = h.at.Add(4 * time.Minute)
		h.ok(h.Ring(h.ctx))
		h.heard(list, "6T10:04 ring ana", "tell ana")
		h.ok(h.Keep(h.ctx))
	})
}

// world is what a model knows of meetings: when each begins, and for which start it has rung.
type world struct {
	starts, rang map[string]time.Time
	secrets      []string
}

// due counts the meetings that ring at a moment, and notes that they have.
func (w *world) due(now time.Time) (n int) {
	for s, start := range w.starts {
		if since := now.Sub(start); since >= 0 && since <= booking.TooLate && !w.rang[s].Equal(start) {
			w.rang[s] = start
			n++
		}
	}
	return n
}

// acts lets a visitor book, move or cancel one of the meetings that are still to come.
func (w *world) acts(h *hall, rt *rapid.T) {
	deed := rapid.SampledFrom([]string{"book", "move", "cancel", "", "", ""}).Draw(rt, "deed")
	start := on(5, 9).Add(time.Duration(rapid.IntRange(0, 35).Draw(rt, "slot")) * 5 * time.Minute)
	if deed == "book" {
		if _, s, err := h.Book(h.ctx, h.ana.Face, h.talk, start, "Bo"); err == nil {
			w.secrets, w.starts[s] = append(w.secrets, s), start
		}
	}
	if deed == "" || deed == "book" || len(w.secrets) == 0 {
		return
	}
	s := rapid.SampledFrom(w.secrets).Draw(rt, "which")
	if !w.starts[s].After(h.at) {
		return
	}
	if deed == "move" && h.Move(h.ctx, s, start) == nil {
		w.starts[s] = start
	}
	if deed == "cancel" && h.Cancel(h.ctx, s) == nil {
		delete(w.starts, s)
	}
}

// Whatever is booked, moved and cancelled, and however the hall comes and goes: each meeting
// that holds rings once, at its minute or at the first of the five after it at which the hall
// is up, and no other does.
func TestRing_noneLostNoneTwice(t *testing.T) {
	each(t, func(h *hall) {
		rapid.Check(h.t, func(rt *rapid.T) {
			h.at = on(4, 12)
			h.ok(h.Forget(h.ctx, h.ana.Face))
			h.ok(h.SetRules(h.ctx, h.ana, strings.Replace(rules, "daily=3", "daily=20", 1)))
			id, err := h.AddKind(h.ctx, h.ana, booking.Kind{Name: "Short", Length: 5 * time.Minute})
			h.ok(err)
			h.talk = id
			rang := 0
			h.Begin = func(context.Context, face.ID) error { rang++; return nil }
			w := &world{starts: map[string]time.Time{}, rang: map[string]time.Time{}}
			for minute := on(5, 9).Add(-10 * time.Minute); minute.Before(on(5, 12).Add(10 * time.Minute)); minute = minute.Add(time.Minute) {
				h.at = minute.Add(-time.Second)
				w.acts(h, rt)
				h.at = minute
				if rapid.IntRange(0, 9).Draw(rt, "away") < 4 {
					continue
				}
				rang = 0
				h.ok(h.Ring(h.ctx))
				if want := w.due(minute); rang != want {
					rt.Fatalf("%d rings at %s, want %d", rang, minute.UTC().Format("15:04"), want)
				}
			}
		})
	})
}

func TestMayJoin(t *testing.T) {
	t.Parallel()
	now := on(5, 10)
	b := booking.Booking{Face: "ana", State: booking.Firm, Start: now, End: now.Add(time.Hour)}
	if err := booking.MayJoin(b, now); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		change func(*booking.Booking)
		at     time.Duration
		why    string
	}{
		{func(*booking.Booking) {}, -booking.JoinBefore, ""},
		{func(*booking.Booking) {}, 59 * time.Minute, ""},
		{func(*booking.Booking) {}, -booking.JoinBefore - time.Second, "booking.may.not_yet"},
		{func(*booking.Booking) {}, time.Hour, "booking.may.over"},
		{func(b *booking.Booking) { b.State = booking.Cancelled }, 0, "booking.may.cancelled"},
		{func(b *booking.Booking) { b.State = booking.Held }, 0, "booking.may.not_firm"},
		{func(b *booking.Booking) { b.Face = "" }, 0, "booking.may.not_firm"},
	} {
		one := b
		c.change(&one)
		err := booking.MayJoin(one, now.Add(c.at))
		if got := fault.From(err); err == nil && c.why != "" || err != nil && got.Key != c.why {
			t.Errorf("%+v at %s: %v", one, c.at, err)
		}
	}
}
