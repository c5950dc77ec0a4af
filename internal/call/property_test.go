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

// Whatever three people and the clock do in whatever order: one answer wins, nobody is in
// two calls, what is over stays over and rings no more.
func TestCall_anyOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			h := newHall(t, d)
			for _, f := range []face.ID{ana, bo, cleo} {
				h.ok(h.Forget(h.ctx, f))
			}
			w := &walk{h: h, over: map[call.ID]call.State{}, seat: map[call.ID]string{}}
			people := rapid.SampledFrom([]face.ID{ana, bo, cleo})
			for range rapid.IntRange(1, 25).Draw(rt, "deeds") {
				w.step(rt, people)
				w.check(rt)
			}
		})
	})
}

type walk struct {
	h    *hall
	ids  []call.ID
	over map[call.ID]call.State
	seat map[call.ID]string
}

func (w *walk) step(rt *rapid.T, people *rapid.Generator[face.ID]) {
	h := w.h
	by := people.Draw(rt, "by")
	deed := rapid.SampledFrom([]string{"begin", "seat", "answer", "end", "later", "rings", "reached", "clock"}).Draw(rt, "deed")
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
	case "seat":
		_, _ = h.Seat(h.ctx, by, id, "caller's")
	case "answer":
		seat := fmt.Sprint("seat", rapid.IntRange(0, 2).Draw(rt, "seat"))
		if _, err := h.Answer(h.ctx, by, id, seat); err == nil {
			if was := w.seat[id]; was != "" && was != seat {
				rt.Errorf("answered twice: %s, %s", was, seat)
			}
			w.seat[id] = seat
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
	spoken := map[face.ID]call.ID{}
	for _, id := range w.ids {
		c, _, err := h.Get(h.ctx, ana, id)
		if err != nil {
			c, _, err = h.Get(h.ctx, bo, id)
		}
		if err != nil {
			continue // forgotten
		}
		if was, ok := w.over[id]; ok && was != c.State {
			rt.Errorf("over as %s, and now %s", was, c.State)
		}
		if c.State.Over() {
			w.over[id] = c.State
		}
		if c.State != call.Answered {
			continue
		}
		for _, f := range []face.ID{c.From, c.To} {
			if other := spoken[f]; other != "" && other != id {
				rt.Errorf("%s is in two calls", f)
			}
			spoken[f] = id
		}
	}
	for _, f := range []face.ID{ana, bo, cleo} {
		list, err := h.Incoming(h.ctx, f)
		h.ok(err)
		for _, c := range list {
			if w.over[c.ID] != "" {
				rt.Errorf("what is over rings")
			}
		}
	}
}
