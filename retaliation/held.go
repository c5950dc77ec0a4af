package main

import (
	"math/rand/v2"

	"guildhall/internal/mask/wire"
)

// held is the browser's rule for what a mask does, as docs/PASSES.md has it under
// Pace: it leaves when the visit ends if the device has not spoken openly during it
// or in the six hours before; otherwise it stays for up to five days, and leaves at
// the end of a visit after that: of a quiet one for certain, of another by chance.
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
	mostHeld   = 120
	anyway     = 1.0 / 3 // chance that what is due leaves though the visit is not quiet
	renewSpan  = 84      // hours over which members spread their renewals
)

func newHeld() *held { return &held{spoke: -1000} }

// quiet tells whether the device has been silent for long enough.
func (h *held) quiet(now hours) bool { return now-h.spoke >= quietHours }

// may tells whether what is due may leave in a visit. Were it never with open words,
// an open word would say that no mask of that day is hers.
func (h *held) may(r *rand.Rand, now hours) bool { return h.quiet(now) || r.Float64() < anyway }

// end gives what leaves as a visit ends: what is due, and what was done in it.
func (h *held) end(r *rand.Rand, now hours, done []wire.Act) (leave []wire.Act) {
	may, rest := h.may(r, now), h.waiting[:0]
	for _, p := range h.waiting {
		if may && p.after <= now {
			leave = append(leave, p.act)
		} else {
			rest = append(rest, p)
		}
	}
	h.waiting = rest
	if h.quiet(now) {
		return append(leave, done...)
	}
	for _, a := range done {
		h.waiting = append(h.waiting, parcel{a, now + mostHeld*r.Float64()})
	}
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
