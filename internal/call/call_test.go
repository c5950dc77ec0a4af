package call_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Press, ring on all devices, answer on one: the others stop; hang up ends it, and a minute
// later nothing is left.
func TestCall_fromPressToNothing(t *testing.T) {
	each(t, func(h *hall) {
		id := h.begun(ana, bo)
		h.hears("ring bo 1", "tell bo")
		list, err := h.Incoming(h.ctx, bo)
		h.ok(err)
		if len(list) != 1 || list[0].ID != id || list[0].From != ana {
			t.Errorf("rings: %v", list)
		}
		h.ok(h.Rings(h.ctx, bo, id, call.Phone))
		h.ok(h.Rings(h.ctx, bo, id, call.Phone))
		h.ok(h.Rings(h.ctx, bo, id, call.Computer))
		h.ok(h.Reached(h.ctx, bo))
		h.ok(h.Reached(h.ctx, bo))
		h.hears("tell ana", "tell ana", "tell ana")
		_, w, err := h.Get(h.ctx, ana, id)
		h.ok(err)
		if len(w.Rings) != 2 || w.Rings[0] != call.Phone || !w.Woken || w.NotReached {
			t.Errorf("the caller sees %+v", w)
		}
		c, err := h.Answer(h.ctx, bo, id, "seat")
		h.ok(err)
		if c.State != call.Answered {
			t.Errorf("answered: %s", c.State)
		}
		h.hears("hush bo", "tell ana", "tell bo")
		_, err = h.Answer(h.ctx, bo, id, "seat") // the same page again
		h.ok(err)
		_, err = h.Answer(h.ctx, bo, id, "other")
		h.refused(err, fault.Conflict, "call.elsewhere")
		h.heard = nil
		h.ok(h.End(h.ctx, ana, id, false))
		h.hears("tell ana", "tell bo", "close")
		if s := h.state(bo, id); s != call.Ended {
			t.Errorf("ended: %s", s)
		}
		h.ok(h.End(h.ctx, bo, id, false)) // what is over stays as it is
		h.hears()
		h.passes(time.Minute)
		_, _, err = h.Get(h.ctx, ana, id)
		h.refused(err, fault.NotFound, "call.over")
		if n, err := h.Held(h.ctx, ana); err != nil || n != 0 {
			t.Errorf("kept: %d %v", n, err)
		}
		if next := h.passes(0); next < time.Minute {
			t.Errorf("nothing is due, yet it looks again in %v", next)
		}
	})
}

// Of many devices that answer at once one has the call, and the others hear so.
func TestAnswer_oneWins(t *testing.T) {
	each(t, func(h *hall) {
		id := h.begun(ana, bo)
		var mu sync.Mutex
		var all sync.WaitGroup
		won, elsewhere := 0, 0
		for i := range 8 {
			all.Go(func() {
				_, err := h.Answer(context.Background(), bo, id, string(rune('a'+i)))
				mu.Lock()
				defer mu.Unlock()
				switch f := fault.From(err); {
				case err == nil:
					won++
				case f.Key == "call.elsewhere" || f.Key == "call.may.in_call":
					elsewhere++
				default:
					t.Errorf("told %v", err)
				}
			})
		}
		all.Wait()
		if won != 1 || elsewhere != 7 {
			t.Errorf("%d have it, %d were told so", won, elsewhere)
		}
	})
}

func TestEnd_eachWay(t *testing.T) {
	each(t, func(h *hall) {
		for _, c := range []struct {
			by    face.ID
			later bool
			want  call.State
		}{{ana, false, call.Cancelled}, {bo, false, call.Declined}, {bo, true, call.Later}} {
			id := h.begun(ana, bo)
			h.heard = nil
			h.ok(h.End(h.ctx, c.by, id, c.later))
			h.hears("hush bo", "tell ana", "tell bo", "close")
			if s := h.state(ana, id); s != c.want {
				t.Errorf("%s ends it: %s, want %s", c.by, s, c.want)
			}
			h.going(id, "caller's", false)
			_, err := h.Answer(h.ctx, bo, id, "seat")
			h.refused(err, fault.Conflict, "call.over")
			_, err = h.Seat(h.ctx, ana, id, "seat")
			h.refused(err, fault.Conflict, "call.over")
		}
	})
}

// After eight seconds without a sound further devices are woken, once; after fifteen the
// caller is told; after 45 it is missed and rings no more.
func TestTick_climbsAndEnds(t *testing.T) {
	each(t, func(h *hall) {
		id := h.begun(ana, bo)
		h.heard = nil
		if next := h.passes(time.Second); next != 7*time.Second {
			t.Errorf("looks again in %v", next)
		}
		h.hears()
		h.passes(7 * time.Second)
		h.hears("ring bo 2")
		h.passes(time.Second)
		h.hears()
		reached := func(want bool) {
			t.Helper()
			_, w, err := h.Get(h.ctx, ana, id)
			h.ok(err)
			if w.NotReached == want {
				t.Errorf("at %v: not reached %v", h.at, w.NotReached)
			}
		}
		reached(true)
		h.passes(6 * time.Second)
		reached(false)
		h.ok(h.Reached(h.ctx, bo))
		reached(true)
		h.heard = nil
		h.passes(30 * time.Second)
		h.hears("hush bo", "tell ana", "tell bo", "close")
		if s := h.state(ana, id); s != call.Missed {
			t.Errorf("missed: %s", s)
		}
		_, err := h.Answer(h.ctx, bo, id, "seat")
		h.refused(err, fault.Conflict, "call.over")
		// Where a page rings, nobody else is woken.
		id = h.begun(ana, bo)
		h.ok(h.Rings(h.ctx, bo, id, call.Computer))
		h.heard = nil
		h.passes(20 * time.Second)
		h.hears()
	})
}

// Between the last ring and the next look it rings no more either.
func TestAnswer_tooLate(t *testing.T) {
	each(t, func(h *hall) {
		id := h.begun(ana, bo)
		h.at = h.at.Add(call.RingFor)
		_, err := h.Answer(h.ctx, bo, id, "seat")
		h.refused(err, fault.Conflict, "call.over")
		if list, err := h.Incoming(h.ctx, bo); err != nil || len(list) != 0 {
			t.Errorf("rings: %v %v", list, err)
		}
	})
}

// Who is in a call is busy for others, and calls nobody; who calls whoever calls her is led
// into that call.
func TestBegin_busyAndBoth(t *testing.T) {
	each(t, func(h *hall) {
		id := h.begun(ana, bo)
		if again := h.begun(ana, bo); again != id {
			t.Error("pressed twice, two calls")
		}
		if back := h.begun(bo, ana); back != id {
			t.Error("both call: two calls")
		}
		_, err := h.Begin(h.ctx, ana, cleo)
		h.refused(err, fault.Conflict, "call.may.in_call")
		other := h.begun(cleo, bo) // bo rings twice
		_, err = h.Answer(h.ctx, bo, id, "seat")
		h.ok(err)
		_, err = h.Answer(h.ctx, bo, other, "seat")
		h.refused(err, fault.Conflict, "call.may.in_call")
		h.ok(h.End(h.ctx, cleo, other, false))
		busy, err := h.Begin(h.ctx, cleo, bo)
		h.ok(err)
		if busy.State != call.Busy {
			t.Errorf("in a call: %s", busy.State)
		}
		_, err = h.Begin(h.ctx, bo, cleo)
		h.refused(err, fault.Conflict, "call.may.in_call")
	})
}

// Of somebody who is blocked nothing is seen or heard, and he sees what he would see of
// devices that are off, also while she speaks with another.
func TestBegin_blocked(t *testing.T) {
	each(t, func(h *hall) {
		h.blocks[[2]face.ID{bo, ana}] = true
		other := h.begun(cleo, bo)
		_, err := h.Answer(h.ctx, bo, other, "seat")
		h.ok(err)
		h.heard = nil
		id := h.begun(ana, bo)
		h.hears()
		list, err := h.Incoming(h.ctx, bo)
		h.ok(err)
		if len(list) != 0 {
			t.Error("it rings")
		}
		if n, err := h.Held(h.ctx, bo); err != nil || n != 1 {
			t.Errorf("bo is told of %d calls: %v", n, err)
		}
		_, err = h.Answer(h.ctx, bo, id, "seat")
		h.refused(err, fault.NotFound, "call.over")
		h.refused(h.Rings(h.ctx, bo, id, call.Phone), fault.NotFound, "call.over")
		h.ok(h.Reached(h.ctx, bo))
		h.passes(16 * time.Second)
		h.hears()
		c, w, err := h.Get(h.ctx, ana, id)
		h.ok(err)
		if c.State != call.Ringing || !w.NotReached || w.Woken {
			t.Errorf("ana sees %s %+v", c.State, w)
		}
		h.ok(h.End(h.ctx, bo, other, false))
		if back := h.begun(bo, ana); back == id {
			t.Error("bo is led into a call she cannot see")
		}
		h.heard = nil
		h.passes(30 * time.Second)
		if s := h.state(ana, id); s != call.Missed {
			t.Errorf("missed: %s", s)
		}
	})
}

// The caller's first page is the one that speaks, and from then on it rings; another is told
// so.
func TestSeat(t *testing.T) {
	each(t, func(h *hall) {
		c, err := h.Begin(h.ctx, ana, bo)
		h.ok(err)
		id := c.ID
		h.passes(20 * time.Second)
		h.hears()
		if list, err := h.Incoming(h.ctx, bo); err != nil || len(list) != 0 {
			t.Errorf("it rings before anybody could speak: %v %v", list, err)
		}
		for range 2 {
			_, err := h.Seat(h.ctx, ana, id, "one")
			h.ok(err)
		}
		h.hears("ring bo 1", "tell bo")
		h.passes(30 * time.Second) // as long as it always does
		if list, err := h.Incoming(h.ctx, bo); err != nil || len(list) != 1 {
			t.Errorf("it does not ring: %v %v", list, err)
		}
		_, err = h.Seat(h.ctx, ana, id, "two")
		h.refused(err, fault.Conflict, "call.elsewhere")
		_, err = h.Seat(h.ctx, bo, id, "three")
		h.refused(err, fault.Conflict, "call.elsewhere")
		_, err = h.Answer(h.ctx, bo, id, "three")
		h.ok(err)
		_, err = h.Seat(h.ctx, bo, id, "three")
		h.ok(err)
		_, err = h.Seat(h.ctx, cleo, id, "four")
		h.refused(err, fault.NotFound, "call.over")
	})
}

// Who calls each other at once speaks, though the page of one has no seat yet.
func TestSeat_answeredBefore(t *testing.T) {
	each(t, func(h *hall) {
		c, err := h.Begin(h.ctx, ana, bo)
		h.ok(err)
		_, err = h.Answer(h.ctx, bo, c.ID, "his")
		h.ok(err)
		h.heard = nil
		_, err = h.Seat(h.ctx, ana, c.ID, "hers")
		h.ok(err)
		h.hears()
		h.passes(time.Minute)
		if s := h.state(ana, c.ID); s != call.Answered {
			t.Errorf("a minute later: %s", s)
		}
	})
}

// A call of which both pages have gone ends, and so does the longest.
func TestTick_nobodyIsThere(t *testing.T) {
	each(t, func(h *hall) {
		id := h.begun(ana, bo)
		_, err := h.Answer(h.ctx, bo, id, "seat")
		h.ok(err)
		h.passes(80 * time.Second)
		if s := h.state(ana, id); s != call.Answered { // she asks, so she is there
			t.Errorf("after a while: %s", s)
		}
		h.passes(80 * time.Second)
		if s := h.state(ana, id); s != call.Answered {
			t.Errorf("while she asks: %s", s)
		}
		h.passes(91 * time.Second)
		if s := h.state(ana, id); s != call.Ended {
			t.Errorf("when nobody is there: %s", s)
		}
		id = h.begun(ana, bo)
		_, err = h.Answer(h.ctx, bo, id, "seat")
		h.ok(err)
		h.at = h.at.Add(12*time.Hour - time.Minute)
		h.state(ana, id)
		h.passes(time.Minute)
		if s := h.state(ana, id); s != call.Ended {
			t.Errorf("the longest: %s", s)
		}
	})
}

func TestForget(t *testing.T) {
	each(t, func(h *hall) {
		id := h.begun(ana, bo)
		if n, err := h.Held(h.ctx, bo); err != nil || n != 1 {
			t.Errorf("kept: %d %v", n, err)
		}
		h.heard = nil
		h.ok(h.Forget(h.ctx, ana))
		h.hears("close")
		_, _, err := h.Get(h.ctx, bo, id)
		h.refused(err, fault.NotFound, "call.over")
	})
}

// Run does what is due by itself, and ends.
func TestRun(t *testing.T) {
	each(t, func(h *hall) {
		ctx, stop := context.WithCancel(h.ctx)
		ended := make(chan struct{})
		go func() { h.Run(ctx); close(ended) }()
		stop()
		<-ended
	})
}

func TestMay(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		err error
		key string
	}{
		"call":               {call.MayCall(ana, bo, true), ""},
		"call as nobody":     {call.MayCall("", bo, true), "fault.sign_in"},
		"call oneself":       {call.MayCall(ana, ana, true), "call.may.self"},
		"call a stranger":    {call.MayCall(ana, bo, false), "call.may.connected"},
		"see one's own":      {call.MaySee(ana, call.Call{ID: "x", From: ana, To: bo}), ""},
		"see one's call":     {call.MaySee(bo, call.Call{ID: "x", From: ana, To: bo}), ""},
		"see another's":      {call.MaySee(cleo, call.Call{ID: "x", From: ana, To: bo}), "call.over"},
		"see none":           {call.MaySee(ana, call.Call{From: ana}), "call.over"},
		"see a call, signed": {call.MaySee("", call.Call{ID: "x", From: ana, To: bo}), "fault.sign_in"},
	} {
		if key := fault.From(c.err).Key; c.err == nil != (c.key == "") || c.err != nil && key != c.key {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}

func TestIncoming_refuses(t *testing.T) {
	each(t, func(h *hall) {
		_, err := h.Incoming(h.ctx, "")
		h.refused(err, fault.SignIn, "fault.sign_in")
		h.strangers[[2]face.ID{ana, bo}] = true
		_, err = h.Begin(h.ctx, ana, bo)
		h.refused(err, fault.Forbidden, "call.may.connected")
		id := h.begun(bo, ana)
		h.refused(h.Rings(h.ctx, ana, id, "fridge"), fault.Invalid, "fault.choose")
	})
}

// TestEnd_leavesAnothersRing: who calls and cancels silences nobody else.
func TestEnd_leavesAnothersRing(t *testing.T) {
	each(t, func(h *hall) {
		h.begun("ana", "bo")
		other := h.begun("cleo", "bo")
		h.heard = nil
		h.ok(h.End(h.ctx, "cleo", other, false))
		for _, what := range h.heard {
			if what == "hush bo" {
				h.t.Error("the ring of another was ended")
			}
		}
	})
}
