package pass_test

import (
	"bytes"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/pass"
	"guildhall/internal/pass/token"
)

// The whole way: a member asks, gets, finalizes, and the passes verify.
func TestServe_wholeWay(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana := h.person(1)
		q := ana.ask(742, true, true)
		a, err := ana.serve(q.Request)
		h.must(err)
		right, err := q.right.Finalize(a.Right)
		h.must(err)
		k, err := h.Issuer(ctx, right.Slot)
		h.must(err)
		h.must(right.Verify(k))
		spent := map[string]bool{right.Spend(): true}
		for i, r := range q.reads {
			p, err := r.Finalize(a.Reads[i])
			h.must(err)
			k, err := h.Issuer(ctx, p.Slot)
			h.must(err)
			h.must(p.Verify(k))
			spent[p.Spend()] = true
		}
		if len(spent) != 1+token.ReadPasses {
			t.Errorf("%d passes, want 29", len(spent))
		}
		s, err := h.State(ctx, space, ana.face)
		h.must(err)
		if !s.Eligible || s.RightEpoch != 742 {
			t.Errorf("%+v", s)
		}
	})
}

// cheap is a request as far as the hall can see: whether it finalizes to something
// is the client's affair.
func (p person) cheap(ep int, kind string) pass.Request {
	r := pass.Request{Space: space, Epoch: ep}
	drawn := func(i int) []byte { return append(append(make([]byte, 222), byte(ep), byte(i)), p.root[:]...) }
	if kind != "read" {
		r.Right = drawn(28)
	}
	for i := 0; i < token.ReadPasses && kind != "right"; i++ {
		r.Reads = append(r.Reads, drawn(i))
	}
	r.Signature = p.root.SignServe(space, ep, r.Right, r.Reads)
	return r
}

// model is what the protocol says of one seat.
type model struct {
	right, reads string // what was served, by root and epoch
	readOf       int    // the epoch of which reads is remembered
}

// try tells whether the seat is served what is asked, and notes it.
func (m *model) try(root byte, now, ep int, kind string) bool {
	is := string([]byte{root, byte(ep)})
	right := kind == "read" || m.right == is || m.right == "" && now == ep
	reads := kind == "right" || now == ep && (m.readOf != ep || m.reads == is)
	// A new right is given in the running epoch only, read passes are never given in
	// another, and all or nothing.
	if !right || !reads {
		return false
	}
	if kind != "read" {
		m.right = is
	}
	if kind != "right" {
		m.reads, m.readOf = is, ep
	}
	return true
}

// Whatever is asked of a seat, by its own root or by another (a thief who even
// has the account's key), in whatever order and epoch: it never gets two different
// rights, nor, while the program runs, two sets of read passes of an epoch; what it
// was served it is served again, byte for byte, a right for ever and read passes in
// their epoch; everything else is refused.
func TestServe_oneRightForEver(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for _, ep := range []int{742, 743, 744} { // keys of three epochs, so that any can be asked for
			h.at = epoch.Start(ep).Add(60 * time.Hour)
			_, err := h.Keys(ctx, space)
			h.must(err)
		}
		seat := 0
		rapid.Check(t, func(rt *rapid.T) {
			seat++
			roots := []person{h.person(2 * seat), h.person(2*seat + 1)}
			roots[1].face = roots[0].face
			var m model
			rights, first := map[string]bool{}, map[string]pass.Answer{}
			for range rapid.IntRange(1, 7).Draw(rt, "requests") {
				now, ep := rapid.IntRange(742, 744).Draw(rt, "now"), rapid.IntRange(742, 744).Draw(rt, "asked")
				n, kind := rapid.IntRange(0, 1).Draw(rt, "root"), rapid.SampledFrom([]string{"right", "right", "read", "both"}).Draw(rt, "kind")
				h.at = epoch.Start(now).Add(time.Hour)
				a, err := roots[n].serve(roots[n].cheap(ep, kind))
				if want := m.try(byte(n), now, ep, kind); want != (err == nil) || err != nil && !fault.Is(err, fault.Conflict) {
					rt.Fatalf("served: %v, want %v", err, want)
				}
				if err != nil {
					continue
				}
				name := string(append([]byte(kind), byte(n), byte(ep)))
				if before, ok := first[name]; ok && !same(before, a) {
					rt.Fatal("the same request got other bytes")
				}
				first[name] = a
				if len(a.Right) > 0 {
					rights[string(a.Right)] = true
				}
			}
			if len(rights) > 1 {
				rt.Fatal("two different rights for one seat")
			}
		})
	})
}

// A right is given again for ever, after a restart, and to somebody who has left
// the space meanwhile.
func TestServe_sameBytesAfterYears(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana := h.person(1)
		q := ana.ask(742, true, false)
		before, err := ana.serve(q.Request)
		h.must(err)
		for range 40 {
			h.pass(28 * 24 * time.Hour)
			h.must(h.Keep(ctx))
		}
		h.sit(ana.face, pass.Standing{}) // she has left the space meanwhile
		h.Room = h.open([]byte("secret"))
		after, err := ana.serve(q.Request)
		h.must(err)
		if !same(before, after) {
			t.Error("the same request got other bytes")
		}
	})
}

func TestServe_stolenCookieGetsNothing(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana, thief := h.person(1), h.person(2)
		q := thief.ask(742, true, true) // signed by the thief's own root
		_, err := h.Serve(ctx, ana.face, ana.key(), q.Request)
		wantKey(t, err, "pass.serve.unsigned")
		q.Signature = nil
		_, err = h.Serve(ctx, ana.face, ana.key(), q.Request)
		wantKey(t, err, "pass.serve.unsigned")
		// A signature that was seen covers this space, epoch and these bytes only.
		seen := ana.ask(742, true, true)
		for name, change := range map[string]func(r *pass.Request){
			"another right": func(r *pass.Request) { r.Right = q.Right },
			"other reads":   func(r *pass.Request) { r.Reads = q.Reads },
			"no right":      func(r *pass.Request) { r.Right = nil },
			"another epoch": func(r *pass.Request) { r.Epoch = 743 },
			"another space": func(r *pass.Request) { r.Space = "drivers" },
		} {
			r := seen.Request
			change(&r)
			_, err := ana.serve(r)
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = h.Serve(ctx, ana.face, nil, seen.Request)
		wantKey(t, err, "pass.serve.keyless")
		s, err := h.State(ctx, space, ana.face)
		h.must(err)
		if s.RightEpoch != -1 {
			t.Errorf("the seat is used up: %+v", s)
		}
		_, err = ana.serve(seen.Request)
		h.must(err)
	})
}

func TestServe_refusesBrokenShapes(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana := h.person(1)
		good := ana.ask(742, true, true)
		k, err := h.Issuer(ctx, token.Slot{Purpose: token.Read, Space: space, Epoch: 742})
		h.must(err)
		n := k.N.FillBytes(make([]byte, 256))
		for name, change := range map[string]func(r *pass.Request){
			"nothing":      func(r *pass.Request) { r.Right, r.Reads = nil, nil },
			"short right":  func(r *pass.Request) { r.Right = r.Right[:255] },
			"27 reads":     func(r *pass.Request) { r.Reads = r.Reads[:27] },
			"right = n":    func(r *pass.Request) { r.Right = bytes.Repeat([]byte{255}, 256) },
			"a read = n":   func(r *pass.Request) { r.Reads = append(append([][]byte{}, r.Reads[:27]...), n) },
			"short read":   func(r *pass.Request) { r.Reads = append(append([][]byte{}, r.Reads[:27]...), n[:9]) },
			"empty space":  func(r *pass.Request) { r.Space = "" },
			"minus epochs": func(r *pass.Request) { r.Epoch = -3 },
		} {
			r := good.Request
			change(&r)
			if r.Epoch >= 0 {
				r.Signature = ana.root.SignServe(r.Space, r.Epoch, r.Right, r.Reads)
			}
			_, err := ana.serve(r)
			if err == nil || fault.From(err).Key != "pass.serve.broken" {
				t.Errorf("%s: %v", name, err)
			}
		}
		a, err := ana.serve(good.Request) // nothing of that has used up the seat
		h.must(err)
		_, err = good.right.Finalize(a.Right)
		h.must(err)
	})
}

func TestServe_eligibleOnly(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		bo := h.person(1)
		q := bo.ask(742, true, false)
		h.sit(bo.face, pass.Standing{})
		_, err := bo.serve(q.Request)
		wantKey(t, err, "pass.serve.seatless")
		h.sit(bo.face, pass.Standing{Seat: true, Why: fault.New(fault.Forbidden, "space.may.not_yet")})
		_, err = bo.serve(q.Request)
		wantKey(t, err, "space.may.not_yet")
		_, err = h.State(ctx, "nowhere", bo.face)
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("a space that is not there: %v", err)
		}
		r := q.Request
		r.Space = "nowhere"
		r.Signature = bo.root.SignServe(r.Space, r.Epoch, r.Right, nil)
		if _, err = bo.serve(r); err == nil {
			t.Error("served in a space that is not there")
		}
	})
}

// A client's clock may differ by a day: what counts is the hall's epoch, and a
// request for the one before or after it is refused without using up the seat,
// also in the hours around the boundary.
func TestServe_clockSkew(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.at = epoch.Start(743).Add(-time.Hour)
		_, err := h.Keys(ctx, space)
		h.must(err)
		h.at = epoch.Start(743).Add(time.Hour)
		ana := h.person(1)
		slow := ana.ask(742, true, true) // her clock is a day behind
		_, err = ana.serve(slow.Request)
		wantKey(t, err, "pass.serve.epoch")
		// Her clock is a day ahead of a hall whose epoch still runs: there is no key yet.
		h.at = epoch.Start(743).Add(-time.Hour)
		fast := ana.ask742Keys743(t)
		_, err = ana.serve(fast)
		wantKey(t, err, "pass.serve.epoch")
		_, err = ana.serve(slow.Request)
		h.must(err)
		// An hour after the boundary, the right that was served before it is served
		// again, and the read passes, of which no day is left, are not.
		h.at = epoch.Start(743).Add(time.Hour)
		_, err = ana.serve(slow.Request)
		wantKey(t, err, "pass.serve.epoch")
		_, err = ana.serve(ana.ask(742, true, false).Request)
		h.must(err)
		next := ana.ask(743, false, true)
		_, err = ana.serve(next.Request)
		h.must(err)
		_, err = ana.serve(ana.ask(743, true, false).Request)
		wantKey(t, err, "pass.serve.other")
	})
}

// ask742Keys743 is a request for epoch 743 made with a key that was never logged.
func (p person) ask742Keys743(t *testing.T) pass.Request {
	t.Helper()
	r := pass.Request{Space: space, Epoch: 743, Right: make([]byte, 256)}
	r.Right[255] = 5
	r.Signature = p.root.SignServe(space, 743, r.Right, nil)
	return r
}

// Two devices ask at once, the one with another root: one of them wins, once.
func TestServe_atOnce(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		var people []person
		for i := range 8 {
			p := h.person(i)
			p.face = "face-0"
			people = append(people, p)
		}
		var mu sync.Mutex
		got := map[string]int{}
		var wg sync.WaitGroup
		for _, p := range people {
			q := p.ask(742, true, false)
			for range 2 {
				wg.Go(func() {
					a, err := p.serve(q.Request)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						got[string(a.Right)]++
					} else if !fault.Is(err, fault.Conflict) {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		if len(got) != 1 {
			t.Errorf("%d different rights for one seat", len(got))
		}
		h.batch()
		if n := h.counted(); n != 1 {
			t.Errorf("%d rights are counted", n)
		}
	})
}

func TestForget(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana := h.person(1)
		_, err := ana.serve(ana.ask(742, true, true).Request)
		h.must(err)
		for range 2 { // before and after it is written down
			if got, err := h.Rights(ctx, ana.face); err != nil || !slices.Equal(got, []int{742}) {
				t.Errorf("she reads of rights of %v, %v", got, err)
			}
			h.batch()
		}
		h.must(h.Forget(ctx, ana.face))
		if got, err := h.Rights(ctx, ana.face); err != nil || len(got) > 0 {
			t.Errorf("after leaving there are rights of %v, %v", got, err)
		}
		s, err := h.State(ctx, space, ana.face)
		h.must(err)
		if n := h.counted(); s.RightEpoch != -1 || n != 1 || len(h.apart) != 0 {
			t.Errorf("after leaving: %+v, %d served, %v", s, n, h.apart)
		}
	})
}
