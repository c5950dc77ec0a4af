package main

import (
	"math/rand/v2"

	"guildhall/internal/mask/wire"
)

// held is the browser's rule for what a mask does, as docs/PASSES.md has it under
// Pace: it leaves when the visit ends if the device has not spoken openly during it
// or in the six hours before; otherwise it stays for up to 72 hours, and leaves at
// the end of the first visit after that which is quiet in the same way.
type held struct {
	spoke   hours // when the device spoke openly last
	waiting []parcel
}

// parcel is an act on the device.
type parcel struct {
	act   wire.Act
	after hours
}

const (
	quietHours = 6
	mostHeld   = 72
)

func newHeld() *held { return &held{spoke: -1000} }

// quiet tells whether the device has been silent for long enough.
func (h *held) quiet(now hours) bool { return now-h.spoke >= quietHours }

// begin is a visit beginning: nothing leaves, for nobody knows yet what she will do
// openly in it; what is due waits for longer when she has just done something.
func (h *held) begin(r *rand.Rand, now hours) {
	if h.quiet(now) {
		return
	}
	for i, p := range h.waiting {
		if p.after <= now {
			h.waiting[i].after = now + mostHeld*r.Float64()
		}
	}
}

// end gives what leaves as a visit ends: what was done in it, and what is due.
func (h *held) end(r *rand.Rand, now hours, done []wire.Act) (leave []wire.Act) {
	for _, a := range done {
		h.waiting = append(h.waiting, parcel{a, now})
	}
	if h.begin(r, now); !h.quiet(now) {
		return nil
	}
	rest := h.waiting[:0]
	for _, p := range h.waiting {
		if p.after <= now {
			leave = append(leave, p.act)
		} else {
			rest = append(rest, p)
		}
	}
	h.waiting = rest
	return leave
}

// posts tells how many posts wait.
func (h *held) posts() (n int) {
	for _, p := range h.waiting {
		if p.act.Do == wire.Post {
			n++
		}
	}
	return n
}
