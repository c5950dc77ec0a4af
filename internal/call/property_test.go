package call_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/call"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
)

// Whatever four people and the clock do in whatever order: one answer wins, nobody is in
// two calls, what is over stays over and rings no more; no room of fewer than two goes on, nor
// of more than let in, and nobody is in it who has left.
func TestCall_anyOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			h := newHall(t, d)
			for _, f := range []face.ID{ana, bo, cleo, dov} {
				h.ok(h.Forget(h.ctx, f))
			}
			w := &walk{h: h, over: map[pair]call.State{}, seat: map[call.ID]string{}}
			people := rapid.SampledFrom([]face.ID{ana, bo, cleo, dov})
			for range rapid.IntRange(1, 25).Draw(rt, "deeds") {
				w.step(rt, people)
				w.check(rt)
			}
		})
	})
}

// pair is somebody, and a call.
type pair struct {
	of face.ID
	id call.ID
}

type walk struct {
	h    *hall
	ids  []call.ID
	over map[pair]call.State // as one side saw it
	seat map[call.ID]string
}

func (w *walk) step(rt *rapid.T, people *rapid.Generator[face.ID]) {
	h := w.h
	by := people.Draw(rt, "by")
	deed := rapid.SampledFrom([]string{"begin", "bring", "bring", "seat", "answer", "answer", "end", "later", "rings", "reached", "clock"}).Draw(rt, "deed")
	if deed == "begin" {
		if c, err := h.Begin(h.ctx, by, people.Draw(rt, "to")); err == nil {
			w.ids = append(w.ids, c.ID)
		}
		return
	}
	if deed == "clock" {
		h.passes(time.Duration(rapid.IntRange(0, 50).Draw(rt, "seconds")) * time.Second)
		return
	}
	if len(w.ids) == 0 {
		return
	}
	id := rapid.SampledFrom(w.ids).Draw(rt, "call")
	switch deed {
	case "bring":
		if c, err := h.Bring(h.ctx, by, id, people.Draw(rt, "whom")); err == nil {
			w.ids = append(w.ids, c.ID)
		}
	case "seat":
		_, _ = h.Seat(h.ctx, by, id, "caller's")
	case "answer":
		seat := fmt.Sprint("seat", rapid.IntRange(0, 2).Draw(rt, "seat"))
		if _, err := h.Answer(h.ctx, by, id, seat); err == nil {
			if was := w.seat[id]; was != "" && was != seat {
				rt.Errorf("answered twice: %s, %s", was, seat)
			}
			w.seat[id] = seat
			if w.over[pair{by, id}] != "" {
				rt.Errorf("what is over was answered")
			}
		}
	case "end", "later":
		_ = h.End(h.ctx, by, id, deed == "later")
	case "rings":
		_ = h.Rings(h.ctx, by, id, call.Phone)
	case "reached":
		h.ok(h.Reached(h.ctx, by))
	}
}

func (w *walk) check(rt *rapid.T) {
	h := w.h
	all := []face.ID{ana, bo, cleo, dov}
	in, rooms := map[face.ID]call.ID{}, map[call.ID]int{}
	for _, id := range w.ids {
		for _, f := range all {
			c, _, err := h.Get(h.ctx, f, id)
			if err != nil {
				continue // forgotten, or not hers
			}
			if was, ok := w.over[pair{f, id}]; ok && was != c.State && c.State.Over() {
				rt.Errorf("over as %s, and now %s", was, c.State)
			}
			if c.State.Over() {
				w.over[pair{f, id}] = c.State
			}
			if c.State != call.Answered {
				continue
			}
			if room := in[f]; room != "" && room != c.Room {
				rt.Errorf("%s is in two calls", f)
			} else if room == "" {
				in[f] = c.Room
				rooms[c.Room]++
			}
			w.checkCompany(rt, f, id)
		}
	}
	for room, n := range rooms {
		if n < 2 {
			rt.Errorf("%d is left in %s", n, room)
		}
	}
	for _, f := range all {
		list, err := h.Incoming(h.ctx, f)
		h.ok(err)
		for _, c := range list {
			if w.over[pair{f, c.ID}] != "" {
				rt.Errorf("what is over rings")
			}
		}
	}
}

// checkCompany: who is said to be there is, and is let in; nobody else's page is.
func (w *walk) checkCompany(rt *rapid.T, f face.ID, id call.ID) {
	h := w.h
	c, err := h.Company(h.ctx, f, id)
	h.ok(err)
	if len(c.People) < 2 || len(c.People) > call.MaxPeople || !c.Has(f) {
		rt.Errorf("%s has %d for company", f, len(c.People))
	}
	for _, p := range c.People {
		if at, _, err := h.Get(h.ctx, p.Face, p.Call); err != nil || at.State != call.Answered {
			rt.Errorf("%s is said to be there, and is not: %s %v", p.Face, at.State, err)
		}
	}
}
