package call_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

const dov = face.ID("dov")

// spoken is a call between two that is answered; each one's page has her name.
func (h *hall) spoken(by, to face.ID) call.ID {
	h.t.Helper()
	id := h.begun(by, to)
	_, err := h.Answer(h.ctx, to, id, string(to)+"'s")
	h.ok(err)
	h.heard = nil
	return id
}

// joins brings somebody in, who answers.
func (h *hall) joins(by face.ID, id call.ID, who face.ID) call.ID {
	h.t.Helper()
	c, err := h.Bring(h.ctx, by, id, who)
	h.ok(err)
	_, err = h.Answer(h.ctx, who, c.ID, string(who)+"'s")
	h.ok(err)
	h.heard = nil
	return c.ID
}

// here expects who is in a call, as one in it sees it.
func (h *hall) here(by face.ID, id call.ID, want ...face.ID) {
	h.t.Helper()
	c, err := h.Company(h.ctx, by, id)
	h.ok(err)
	var got []face.ID
	for _, p := range c.People {
		got = append(got, p.Face)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		h.t.Errorf("here are %v; want %v", got, want)
	}
}

// A third is brought in, whoever began leaves, the others go on; the last two end it for all.
func TestBring_growsAndGoesOn(t *testing.T) {
	each(t, func(h *hall) {
		id := h.spoken(ana, bo)
		c, err := h.Bring(h.ctx, ana, id, cleo)
		h.ok(err)
		h.hears("ring cleo 1", "tell ana", "tell bo", "tell cleo")
		if c.Room != id || !c.Brought() || c.State != call.Ringing {
			t.Errorf("brought: %+v", c)
		}
		now, err := h.Company(h.ctx, bo, id)
		h.ok(err)
		if len(now.Brought) != 1 || now.Brought[0].To != cleo {
			t.Errorf("bo does not see who is called: %+v", now.Brought)
		}
		if n, err := h.Others(h.ctx, cleo, c.ID); err != nil || n != 2 {
			t.Errorf("cleo is told of %d: %v", n, err)
		}
		_, err = h.Company(h.ctx, cleo, c.ID)
		h.refused(err, fault.NotFound, "call.over")
		h.going(id, "cleo's", false)
		_, err = h.Answer(h.ctx, cleo, c.ID, "cleo's")
		h.ok(err)
		h.hears("hush cleo", "tell ana", "tell bo", "tell ana", "tell bo", "tell cleo", "tell ana", "tell cleo")
		h.here(cleo, c.ID, ana, bo, cleo)
		for _, seat := range []string{"caller's", "bo's", "cleo's"} {
			h.going(id, seat, true)
		}
		h.going(c.ID, "cleo's", false) // it has no room of its own
		if again := h.begun(ana, cleo); again != id {
			t.Error("who calls one who is there is not led to her own page")
		}
		_, err = h.Begin(h.ctx, dov, cleo)
		h.ok(err) // busy
		h.heard = nil
		h.ok(h.End(h.ctx, ana, id, false))
		h.hears("leave caller's", "tell ana", "tell bo", "tell cleo")
		h.going(id, "caller's", false)
		h.going(id, "bo's", true)
		if a, b, c := h.state(ana, id), h.state(bo, id), h.state(cleo, c.ID); a != call.Ended || b != call.Answered || c != call.Answered {
			t.Errorf("after ana has left it is %s, %s, %s", a, b, c)
		}
		_, err = h.Seat(h.ctx, ana, id, "caller's")
		h.refused(err, fault.Conflict, "call.over")
		_, err = h.Bring(h.ctx, ana, id, dov)
		h.refused(err, fault.NotFound, "call.over")
		other, err := h.Begin(h.ctx, ana, dov) // she is free
		h.ok(err)
		h.ok(h.End(h.ctx, ana, other.ID, false))
		h.ok(h.End(h.ctx, cleo, c.ID, false))
		for f, id := range map[face.ID]call.ID{bo: id, cleo: c.ID} {
			if s := h.state(f, id); s != call.Ended {
				t.Errorf("one alone: %s", s)
			}
		}
		h.going(id, "bo's", false)
		h.passes(time.Minute)
		if n, err := h.Held(h.ctx, bo); err != nil || n != 0 {
			t.Errorf("kept: %d %v", n, err)
		}
	})
}

// Who has left can be brought in again, by whoever is there.
func TestBring_again(t *testing.T) {
	each(t, func(h *hall) {
		id := h.spoken(ana, bo)
		h.joins(bo, id, cleo)
		h.ok(h.End(h.ctx, ana, id, false))
		back := h.joins(bo, id, ana)
		h.here(ana, back, ana, bo, cleo)
		if s := h.state(ana, id); s != call.Answered {
			t.Errorf("her first page: %s", s)
		}
	})
}

// What rings into a call ends as any call does; and when whoever brings has left, or the
// call is over.
func TestBring_endsEachWay(t *testing.T) {
	each(t, func(h *hall) {
		id := h.spoken(ana, bo)
		bring := func(by face.ID) call.ID {
			t.Helper()
			c, err := h.Bring(h.ctx, by, id, cleo)
			h.ok(err)
			h.heard = nil
			return c.ID
		}
		c := bring(ana)
		_, err := h.Bring(h.ctx, bo, id, cleo)
		h.refused(err, fault.Conflict, "call.group.there")
		h.ok(h.End(h.ctx, cleo, c, false))
		h.hears("hush cleo", "tell ana", "tell bo", "tell ana", "tell cleo")
		if s := h.state(ana, c); s != call.Declined {
			t.Errorf("declined: %s", s)
		}
		c = bring(ana)
		h.passes(45 * time.Second)
		if s := h.state(ana, c); s != call.Missed {
			t.Errorf("missed: %s", s)
		}
		h.joins(bo, id, dov)
		c = bring(ana)
		h.ok(h.End(h.ctx, ana, id, false))
		if s := h.state(cleo, c); s != call.Cancelled {
			t.Errorf("who brings has left: %s", s)
		}
		_, err = h.Answer(h.ctx, cleo, c, "cleo's")
		h.refused(err, fault.Conflict, "call.over")
		c = bring(bo)
		h.ok(h.End(h.ctx, bo, id, false))
		if s := h.state(cleo, c); s != call.Cancelled {
			t.Errorf("the call is over: %s", s)
		}
	})
}

// Of whom somebody there has blocked, or who has blocked one there, nothing is heard.
func TestBring_blocked(t *testing.T) {
	each(t, func(h *hall) {
		for _, pair := range [][2]face.ID{{cleo, bo}, {bo, cleo}, {cleo, ana}} {
			id := h.spoken(ana, bo)
			h.blocks[pair] = true
			c, err := h.Bring(h.ctx, ana, id, cleo)
			h.ok(err)
			h.hears("tell ana", "tell bo")
			list, err := h.Incoming(h.ctx, cleo)
			h.ok(err)
			if len(list) != 0 {
				t.Error("it rings")
			}
			h.passes(16 * time.Second)
			h.hears()
			if _, w, err := h.Get(h.ctx, ana, c.ID); err != nil || !w.NotReached {
				t.Errorf("ana is told %+v %v", w, err)
			}
			delete(h.blocks, pair)
			h.ok(h.End(h.ctx, ana, id, false))
		}
		// Who came in meanwhile counts.
		id := h.spoken(ana, bo)
		c, err := h.Bring(h.ctx, ana, id, cleo)
		h.ok(err)
		h.joins(bo, id, dov)
		h.blocks[[2]face.ID{dov, cleo}] = true
		_, err = h.Answer(h.ctx, cleo, c.ID, "cleo's")
		h.refused(err, fault.Conflict, "call.over")
	})
}

// Twelve are in a call at most, however many answer at once.
func TestBring_twelve(t *testing.T) {
	each(t, func(h *hall) {
		id := h.spoken(ana, bo)
		var rings []call.Call
		for i := range call.MaxPeople - 2 {
			c, err := h.Bring(h.ctx, ana, id, face.ID(fmt.Sprint("guest", i)))
			h.ok(err)
			rings = append(rings, c)
		}
		_, err := h.Bring(h.ctx, bo, id, cleo)
		h.refused(err, fault.Conflict, "call.group.full")
		var all sync.WaitGroup
		for _, c := range rings {
			all.Go(func() {
				if _, err := h.Answer(h.ctx, c.To, c.ID, "seat of "+string(c.To)); err != nil {
					t.Errorf("%s: %v", c.To, err)
				}
			})
		}
		all.Wait()
		now, err := h.Company(h.ctx, ana, id)
		h.ok(err)
		if len(now.People) != call.MaxPeople {
			t.Errorf("%d are there", len(now.People))
		}
		_, err = h.Bring(h.ctx, bo, id, cleo)
		h.refused(err, fault.Conflict, "call.group.full")
	})
}

// Of all who leave at once nobody is left alone in it.
func TestEnd_allAtOnce(t *testing.T) {
	each(t, func(h *hall) {
		id := h.spoken(ana, bo)
		ids := map[face.ID]call.ID{ana: id, bo: id, cleo: h.joins(ana, id, cleo), dov: h.joins(bo, id, dov)}
		h.Room = h.quiet()
		var all sync.WaitGroup
		for f, id := range ids {
			all.Go(func() {
				if err := h.End(h.ctx, f, id, false); err != nil {
					t.Errorf("%s: %v", f, err)
				}
			})
		}
		all.Wait()
		for f, id := range ids {
			if s := h.state(f, id); s != call.Ended {
				t.Errorf("%s is in it: %s", f, s)
			}
			if _, err := h.Company(h.ctx, f, id); err == nil {
				t.Errorf("%s has company", f)
			}
		}
	})
}

// Of three the one whose page is silent is taken out; with two it waits for her.
func TestTick_silentOneOfThree(t *testing.T) {
	each(t, func(h *hall) {
		id := h.spoken(ana, bo)
		third := h.joins(ana, id, cleo)
		looks := func(d time.Duration) {
			h.passes(d)
			h.state(ana, id)
			h.state(cleo, third)
		}
		looks(time.Second)
		looks(60 * time.Second)
		h.heard = nil
		looks(31 * time.Second)
		h.hears("leave bo's", "tell ana", "tell bo", "tell cleo")
		h.here(ana, id, ana, cleo)
		for range 3 {
			h.passes(60 * time.Second)
			h.state(ana, id)
		}
		if s := h.state(ana, id); s != call.Answered {
			t.Errorf("of two one is silent: %s", s)
		}
	})
}

// Who erases her account leaves; the others go on, and no row has her face.
func TestForget_inAGroup(t *testing.T) {
	each(t, func(h *hall) {
		for _, gone := range []face.ID{ana, bo} {
			id := h.spoken(ana, bo)
			third := h.joins(ana, id, cleo)
			h.ok(h.Forget(h.ctx, gone))
			if strings.Contains(strings.Join(h.heard, ", "), "close") {
				t.Error("the call of the others is closed")
			}
			if n, err := h.Held(h.ctx, gone); err != nil || n != 0 {
				t.Errorf("%d rows have her face: %v", n, err)
			}
			if s := h.state(cleo, third); s != call.Answered {
				t.Errorf("the others: %s", s)
			}
			h.going(id, "cleo's", true)
			h.ok(h.End(h.ctx, cleo, third, false))
			h.passes(time.Minute)
		}
	})
}

func TestMayBring(t *testing.T) {
	t.Parallel()
	spoken := call.Call{ID: "x", Room: "x", From: ana, To: bo, State: call.Answered}
	rings, guest := spoken, spoken
	rings.State, guest.From = call.Ringing, call.Visitor("secret")
	two := call.Company{People: []call.Person{{Face: ana}, {Face: bo}}}
	full := call.Company{People: make([]call.Person, call.MaxPeople-1), Brought: []call.Call{{State: call.Ringing, To: dov}, {State: call.Missed, To: cleo}}}
	full.People[0].Face = ana
	calls := call.Company{People: two.People, Brought: []call.Call{{State: call.Ringing, To: cleo}}}
	for what, c := range map[string]struct {
		err error
		key string
	}{
		"in it":              {call.MayBring(ana, spoken, two, cleo, true), ""},
		"nobody":             {call.MayBring("", spoken, two, cleo, true), "fault.sign_in"},
		"not in it":          {call.MayBring(dov, spoken, two, cleo, true), "call.over"},
		"before it is":       {call.MayBring(ana, rings, two, cleo, true), "call.over"},
		"by a link":          {call.MayBring(bo, guest, two, cleo, true), "call.group.guest"},
		"who is there":       {call.MayBring(ana, spoken, two, bo, true), "call.group.there"},
		"whom it rings":      {call.MayBring(ana, spoken, calls, cleo, true), "call.group.there"},
		"a thirteenth":       {call.MayBring(ana, spoken, full, cleo, true), "call.group.full"},
		"a stranger":         {call.MayBring(ana, spoken, two, cleo, false), "call.may.connected"},
		"an eleventh, again": {call.MayBring(ana, spoken, call.Company{People: full.People, Brought: full.Brought[1:]}, cleo, true), ""},
	} {
		if key := fault.From(c.err).Key; c.err == nil != (c.key == "") || c.err != nil && key != c.key {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
