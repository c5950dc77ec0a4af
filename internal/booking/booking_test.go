package booking_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/calendar"
	"guildhall/internal/fault"
	"guildhall/internal/fetch"
)

const aWeek = "5T09:00 5T10:00 5T11:00 6T09:00 6T10:00 6T11:00"

func TestBook(t *testing.T) {
	each(t, func(h *hall) {
		h.shows(h.talk, aWeek)
		b, secret := h.book(on(5, 10), " Bo ")
		if b.State != booking.Firm || b.Visitor != "Bo" || !b.End.Equal(on(5, 11)) {
			h.t.Errorf("%+v", b)
		}
		h.shows(h.talk, "5T09:00 5T11:00 6T09:00 6T10:00 6T11:00")
		found := h.state(secret, booking.Firm)
		if found.ID != b.ID || found.Title != "A talk" {
			h.t.Errorf("%+v", found)
		}
		_, _, err := h.Book(h.ctx, h.ana.Face, h.talk, on(5, 10), "Cleo")
		h.refused(err, fault.Conflict, "booking.taken")
		_, _, err = h.Book(h.ctx, h.ana.Face, h.talk, on(5, 9).Add(time.Minute), "Cleo")
		h.refused(err, fault.Conflict, "booking.taken")
		_, _, err = h.Book(h.ctx, h.ana.Face, "none", on(5, 9), "Cleo")
		h.refused(err, fault.NotFound, "fault.not_found")
		_, _, err = h.Book(h.ctx, h.bo.Face, h.talk, on(5, 9), "Cleo")
		h.refused(err, fault.NotFound, "fault.not_found")
		_, _, err = h.Book(h.ctx, h.ana.Face, h.talk, on(5, 9), "")
		if !fault.Is(err, fault.Invalid) {
			h.t.Error(err)
		}
		if got := h.happened(); got != "booking.booked ana;" {
			h.t.Error(got)
		}
		_, err = h.Find(h.ctx, "guess")
		h.refused(err, fault.NotFound, "fault.not_found")
		h.at = on(5, 11)
		h.shows(h.talk, "5T11:00 6T09:00 6T10:00 6T11:00")
		_, _, err = h.Book(h.ctx, h.ana.Face, h.talk, on(5, 9), "Late")
		h.refused(err, fault.Conflict, "booking.taken")
	})
}

// TestBook_atOnce: of many who take the same slot, and slots that lie in it, one gets it.
func TestBook_atOnce(t *testing.T) {
	each(t, func(h *hall) {
		long, err := h.AddKind(h.ctx, h.ana, booking.Kind{Name: "A workshop", Length: 2 * time.Hour, Step: 30 * time.Minute})
		h.ok(err)
		var all sync.WaitGroup
		got := make([]error, 12)
		for i := range got {
			kind, start := h.talk, on(5, 10)
			if i%2 == 1 {
				kind, start = long, on(5, 9).Add(time.Duration(i%4)*30*time.Minute-30*time.Minute)
			}
			all.Go(func() { _, _, got[i] = h.Book(h.ctx, h.ana.Face, kind, start, fmt.Sprint("visitor ", i)) })
		}
		all.Wait()
		won := 0
		for _, err := range got {
			if err == nil {
				won++
			} else {
				h.refused(err, fault.Conflict, "booking.taken")
			}
		}
		if won != 1 {
			h.t.Errorf("%d have booked it", won)
		}
	})
}

func TestBook_keptFreeAndFull(t *testing.T) {
	each(t, func(h *hall) {
		long, err := h.AddKind(h.ctx, h.ana, booking.Kind{Name: "With a walk after", Length: time.Hour, After: 30 * time.Minute})
		h.ok(err)
		_, _, err = h.Book(h.ctx, h.ana.Face, long, on(5, 9), "Bo")
		h.ok(err)
		h.shows(h.talk, "5T11:00 6T09:00 6T10:00 6T11:00") // the walk is free of talks
		h.book(on(5, 11), "Cleo")
		h.ok(h.SetRules(h.ctx, h.ana, strings.Replace(rules, "daily=3", "daily=2", 1)))
		h.shows(h.talk, "6T09:00 6T10:00 6T11:00")
	})
}

func TestMove(t *testing.T) {
	each(t, func(h *hall) {
		b, secret := h.book(on(5, 10), "Bo")
		h.ok(h.Move(h.ctx, secret, on(5, 11)))
		if b := h.state(secret, booking.Firm); !b.Start.Equal(on(5, 11)) || b.Version != 1 {
			h.t.Errorf("%+v", b)
		}
		h.ok(h.MoveOwn(h.ctx, h.ana, b.ID, on(6, 9)))
		h.shows(h.talk, "5T09:00 5T10:00 5T11:00 6T10:00 6T11:00")
		h.book(on(6, 10), "Cleo")
		h.refused(h.Move(h.ctx, secret, on(6, 10)), fault.Conflict, "booking.taken")
		h.refused(h.MoveOwn(h.ctx, h.bo, b.ID, on(5, 9)), fault.NotFound, "fault.not_found")
		h.ok(h.Cancel(h.ctx, secret))
		h.refused(h.Move(h.ctx, secret, on(5, 9)), fault.Conflict, "booking.may.cancelled")
		h.refused(h.Cancel(h.ctx, secret), fault.Conflict, "booking.may.cancelled")
		if b := h.state(secret, booking.Cancelled); !b.ByVisitor {
			h.t.Error("nobody says who cancelled it")
		}
		c, other := h.book(on(6, 9), "Dov")
		h.ok(h.CancelOwn(h.ctx, h.ana, c.ID))
		if b := h.state(other, booking.Cancelled); b.ByVisitor {
			h.t.Error("the visitor has not cancelled it")
		}
		if got := h.happened(); got != "booking.booked ana;booking.moved ana;booking.booked ana;booking.cancelled ana;booking.booked ana;" {
			h.t.Error(got)
		}
		list, err := h.Bookings(h.ctx, h.ana, on(5, 1), on(9, 1))
		h.ok(err)
		if len(list) != 3 {
			h.t.Errorf("%+v", list)
		}
	})
}

func TestFeeds(t *testing.T) {
	each(t, func(h *hall) {
		const there = "https://calendar.example/ana.ics"
		id, err := h.AddFeed(h.ctx, h.ana, at("webcal://calendar.example/ana.ics"))
		h.ok(err)
		h.shows(h.talk, aWeek+" unknown since 1T12:00") // never read
		h.at = h.at.Add(time.Hour)
		h.feeds[there] = fileOf(on(5, 9), on(5, 11))
		h.ok(h.Refresh(h.ctx))
		h.shows(h.talk, "5T11:00 6T09:00 6T10:00 6T11:00")

		// What cannot be trusted leaves what was known, and is unknown from then on.
		h.at = h.at.Add(time.Hour)
		h.feeds[there] = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:never\nEND:VEVENT\nEND:VCALENDAR"
		h.ok(h.Refresh(h.ctx))
		h.at = h.at.Add(time.Hour)
		delete(h.feeds, there)
		h.ok(h.Refresh(h.ctx))
		h.shows(h.talk, "5T11:00 6T09:00 6T10:00 6T11:00 unknown since 1T14:00")
		list, err := h.Feeds(h.ctx, h.ana)
		h.ok(err)
		if len(list) != 1 || list[0].Why != "fetch.slow" || list[0].Address != there || !list[0].Known.Equal(time.Date(2026, 1, 1, 13, 0, 0, 0, time.UTC)) {
			h.t.Errorf("%+v", list)
		}
		b, secret := h.book(on(5, 11), "Bo")
		h.state(secret, booking.Held)
		h.refused(h.Confirm(h.ctx, h.bo, b.ID), fault.NotFound, "fault.not_found")
		h.ok(h.Confirm(h.ctx, h.ana, b.ID))
		h.state(secret, booking.Firm)
		h.refused(h.Confirm(h.ctx, h.ana, b.ID), fault.Conflict, "booking.may.nothing_waits")

		// A feed that nobody has read for hours is unknown, too.
		h.feeds[there] = fileOf(on(5, 9), on(5, 11))
		h.ok(h.Refresh(h.ctx))
		h.shows(h.talk, "6T09:00 6T10:00 6T11:00")
		h.at = h.at.Add(7 * time.Hour)
		h.shows(h.talk, "6T09:00 6T10:00 6T11:00 unknown since 1T15:00")
		h.refused(h.DropFeed(h.ctx, h.bo, id), fault.NotFound, "fault.not_found")
		h.ok(h.DropFeed(h.ctx, h.ana, id))
		h.shows(h.talk, "5T09:00 5T10:00 6T09:00 6T10:00 6T11:00")
	})
}

// Feeds are read a few beside each other, and never more: as many as may come meet here.
func TestRefresh_fewAtOnce(t *testing.T) {
	each(t, func(h *hall) {
		const most = 4
		for i := range booking.MaxFeeds - 2 {
			_, err := h.AddFeed(h.ctx, h.ana, at(fmt.Sprintf("https://calendar.example/%d.ics", i)))
			h.ok(err)
		}
		var inside, peak atomic.Int32
		meet := make(chan struct{})
		var met sync.Once
		h.Get = func(ctx context.Context, _, _ string) (fetch.Page, error) {
			n := inside.Add(1)
			defer inside.Add(-1)
			peak.Store(max(peak.Load(), n))
			if _, limited := ctx.Deadline(); !limited {
				h.t.Error("a feed may take for ever")
			}
			if n == most {
				met.Do(func() { close(meet) })
			}
			<-meet
			return fetch.Page{}, fault.New(fault.Unavailable, "fetch.slow")
		}
		h.ok(h.Refresh(h.ctx))
		if peak.Load() != most {
			h.t.Errorf("%d at once", peak.Load())
		}
		list, err := h.Feeds(h.ctx, h.ana)
		h.ok(err)
		for _, f := range list {
			if f.Why != "fetch.slow" {
				h.t.Errorf("%+v", f)
			}
		}
	})
}

func TestWait(t *testing.T) {
	each(t, func(h *hall) {
		_, bo := h.book(on(5, 9), "Bo")
		_, other := h.book(on(6, 9), "Dov")
		wait := func(from, to int, who string) string {
			secret, err := h.Wait(h.ctx, h.ana.Face, h.talk, on(from, 9), on(to, 9), who)
			h.ok(err)
			return secret
		}
		late := wait(6, 6, "another day")
		first, second, gone := wait(5, 6, "first"), wait(5, 5, "second"), wait(5, 6, "gone")
		h.ok(h.Leave(h.ctx, gone))
		h.refused(h.Leave(h.ctx, gone), fault.NotFound, "fault.not_found")
		h.ok(h.Cancel(h.ctx, bo))
		b := h.state(first, booking.Offered)
		if !b.Start.Equal(on(5, 9)) || b.Visitor != "first" || !b.Until.Equal(h.at.Add(booking.OfferLasts)) {
			h.t.Errorf("%+v", b)
		}
		h.shows(h.talk, "5T10:00 5T11:00 6T10:00 6T11:00")

		// Who does not take it in a day leaves it to the next.
		h.at = h.at.Add(booking.OfferLasts + time.Minute)
		h.refused(h.Accept(h.ctx, first), fault.Conflict, "booking.taken")
		h.ok(h.Keep(h.ctx))
		h.state(first, booking.Cancelled)
		h.state(second, booking.Offered)
		h.ok(h.Accept(h.ctx, second))
		h.refused(h.Accept(h.ctx, second), fault.Conflict, "booking.may.nothing_waits")
		h.state(second, booking.Firm)
		h.ok(h.Cancel(h.ctx, other))
		h.state(late, booking.Offered)

		_, err := h.Wait(h.ctx, h.ana.Face, h.talk, on(6, 9), on(5, 9), "Bo")
		h.refused(err, fault.Invalid, "booking.window")
		_, err = h.Wait(h.ctx, h.bo.Face, h.talk, on(5, 9), on(6, 9), "Bo")
		h.refused(err, fault.NotFound, "fault.not_found")
		// What is long over is gone.
		h.at = h.at.Add(booking.Kept * 2)
		h.ok(h.Keep(h.ctx))
		_, err = h.Find(h.ctx, second)
		h.refused(err, fault.NotFound, "fault.not_found")
	})
}

func TestFiles(t *testing.T) {
	each(t, func(h *hall) {
		_, secret := h.book(on(5, 9), "Bo")
		titled := func(b booking.Booking) string { return b.Title + ": " + b.Visitor }
		file, err := h.Invitation(h.ctx, secret, "hall.example", titled)
		h.ok(err)
		if s := string(file); !strings.Contains(s, "SUMMARY:A talk: Bo\r\n") || !strings.Contains(s, "@hall.example\r\n") || !strings.Contains(s, "SEQUENCE:0") {
			h.t.Error(s)
		}
		_, err = h.OwnFeed(h.ctx, "", "hall.example", "Ana", titled)
		h.refused(err, fault.NotFound, "fault.not_found")
		old, err := h.OwnAddress(h.ctx, h.ana)
		h.ok(err)
		own, err := h.OwnAddress(h.ctx, h.ana)
		h.ok(err)
		_, err = h.OwnFeed(h.ctx, old, "hall.example", "Ana", titled)
		h.refused(err, fault.NotFound, "fault.not_found")
		busy := func() int {
			file, err := h.OwnFeed(h.ctx, own, "hall.example", "Ana", titled)
			h.ok(err)
			f, err := calendar.Read(file)
			h.ok(err)
			all, err := f.Busy(on(1, 9), on(9, 9), time.UTC)
			h.ok(err)
			return len(all)
		}
		if n := busy(); n != 1 {
			h.t.Errorf("%d stretches", n)
		}
		h.ok(h.Cancel(h.ctx, secret))
		if n := busy(); n != 0 {
			h.t.Errorf("%d stretches of what is cancelled", n)
		}
		_, err = h.OwnAddress(h.ctx, h.bo)
		h.refused(err, fault.NotFound, "fault.not_found")
	})
}

func TestPage_refuses(t *testing.T) {
	each(t, func(h *hall) {
		h.refused(h.SetRules(h.ctx, booking.Actor{}, rules), fault.SignIn, "fault.sign_in")
		h.refused(h.SetRules(h.ctx, h.ana, "zone=\"UTC\"\nlength=1"), fault.Invalid, "booking.rules.wrong")
		h.refused(h.SetRules(h.ctx, h.ana, strings.Repeat("#", 20_000)), fault.Invalid, "booking.rules.long")
		p, err := h.Page(h.ctx, h.ana.Face)
		h.ok(err)
		if p.Text != rules || p.Rules.Daily != 3 {
			h.t.Errorf("%+v", p)
		}
		_, err = h.AddKind(h.ctx, h.ana, booking.Kind{Name: "Nothing"})
		h.refused(err, fault.Invalid, "booking.kind.length")
		_, err = h.AddKind(h.ctx, h.bo, booking.Kind{Name: "No page", Length: time.Hour})
		h.refused(err, fault.NotFound, "fault.not_found")
		for i := 1; i < booking.MaxKinds; i++ {
			_, err := h.AddKind(h.ctx, h.ana, booking.Kind{Name: fmt.Sprint(i), Length: time.Hour})
			h.ok(err)
		}
		_, err = h.AddKind(h.ctx, h.ana, booking.Kind{Name: "More", Length: time.Hour})
		h.refused(err, fault.TooMany, "booking.kind.many")
		list, err := h.Kinds(h.ctx, h.ana.Face)
		h.ok(err)
		if len(list) != booking.MaxKinds {
			h.t.Error(len(list))
		}
		h.ok(h.DropKind(h.ctx, h.ana, h.talk))
		h.refused(h.DropKind(h.ctx, h.ana, h.talk), fault.NotFound, "fault.not_found")
		for _, a := range []string{"ftp://x.example/a.ics", "calendar", "https:"} {
			_, err := h.AddFeed(h.ctx, h.ana, at(a))
			h.refused(err, fault.Invalid, "booking.feed.address")
		}
		_, err = h.AddFeed(h.ctx, h.bo, at("https://x.example/a.ics"))
		h.refused(err, fault.NotFound, "fault.not_found")
		for range booking.MaxFeeds {
			_, err := h.AddFeed(h.ctx, h.ana, at("https://x.example/a.ics"))
			h.ok(err)
		}
		_, err = h.AddFeed(h.ctx, h.ana, at("https://x.example/a.ics"))
		h.refused(err, fault.TooMany, "booking.feed.many")
		_, err = h.Offers(h.ctx, h.ana.Face, list[0].ID, on(5, 1), on(5, 1))
		h.refused(err, fault.Invalid, "booking.window")
	})
}

func TestForget(t *testing.T) {
	each(t, func(h *hall) {
		_, secret := h.book(on(5, 9), "Bo")
		_, other := h.book(on(6, 9), "Dov")
		_, err := h.Wait(h.ctx, h.ana.Face, h.talk, on(5, 9), on(6, 9), "Cleo")
		h.ok(err)
		if n, err := h.Waiting(h.ctx, h.ana); err != nil || n != 1 {
			t.Error(n, err)
		}
		h.ok(h.ClearWaits(h.ctx, h.ana))
		if n, err := h.Waiting(h.ctx, h.ana); err != nil || n != 0 {
			t.Error(n, err)
		}
		h.refused(h.ClearWaits(h.ctx, booking.Actor{}), fault.SignIn, "fault.sign_in")
		h.ok(h.Cancel(h.ctx, secret))
		h.ok(h.Forget(h.ctx, h.ana.Face))
		for _, s := range []string{secret, other} {
			b, err := h.Find(h.ctx, s)
			if err != nil || b.Face != "" || b.Visitor != "" || b.Title != "" || b.State != booking.Cancelled {
				t.Errorf("%+v %v", b, err)
			}
		}
		if list, err := h.Bookings(h.ctx, h.ana, on(1, 0), on(9, 0)); err != nil || len(list) != 0 {
			t.Error(list, err)
		}
		_, err = h.Page(h.ctx, h.ana.Face)
		h.refused(err, fault.NotFound, "fault.not_found")
	})
}

// Every permission is asked for a yes and for a no.
func TestMay(t *testing.T) {
	t.Parallel()
	ana := booking.Actor{Face: "ana"}
	hers := booking.Booking{Face: "ana", State: booking.Firm}
	gone := booking.Booking{Face: "ana", State: booking.Cancelled}
	for name, c := range map[string]struct {
		err error
		yes bool
	}{
		"offer": {booking.MayOffer(ana), true}, "offer, a stranger": {booking.MayOffer(booking.Actor{}), false},
		"dispose": {booking.MayDispose(ana, hers), true}, "dispose of another's": {booking.MayDispose(booking.Actor{Face: "bo"}, hers), false},
		"dispose of what is gone": {booking.MayDispose(ana, gone), false}, "change": {booking.MayChange(hers), true}, "change what is gone": {booking.MayChange(gone), false},
		"move": {booking.MayMove(booking.Booking{End: on(5, 11)}, on(5, 10)), true}, "move what is over": {booking.MayMove(booking.Booking{End: on(5, 11)}, on(5, 11)), false},
		"move once more": {booking.MayMove(booking.Booking{End: on(5, 11), Version: booking.MostMoves}, on(5, 10)), false}, "move what is gone": {booking.MayMove(gone, on(5, 10)), false},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}
