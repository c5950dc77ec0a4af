package main

import (
	"math/rand/v2"

	"guildhall/internal/mask/wire"
)

// held is the browser's rule for what a mask does, as docs/PASSES.md has it under
// Pace: it leaves when the visit ends if the device has not spoken openly during it
// or in the six hours before; otherwise it stays for up to five days, and leaves at
// the end of a visit after that: of a quiet one for certain, of another by chance. A
// post stays besides until enough others have said as much as its mask, or two
// weeks after its last.
type held struct {
	spoke   hours // when the device spoke openly last
	said    hours // when a post left last
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
	alwaysMay  = 14 * hoursOfDay
)

func newHeld() *held { return &held{spoke: -1000, said: -1000} }

// quiet tells whether the device has been silent for long enough.
func (h *held) quiet(now hours) bool { return now-h.spoke >= quietHours }

// may tells whether what is due may leave in a visit. Were it never with open words,
// an open word would say that no mask of that day is hers.
func (h *held) may(r *rand.Rand, now hours) bool { return h.quiet(now) || r.Float64() < anyway }

// end gives what leaves as a visit ends: what is due, and what was done in it, but no
// more posts than do not stand out.
func (h *held) end(r *rand.Rand, now hours, done []wire.Act, posts int) (leave []wire.Act) {
	may, quiet, waited := h.may(r, now), h.quiet(now), len(h.waiting)
	for _, a := range done {
		after := now
		if !quiet {
			after += mostHeld * r.Float64()
		}
		h.waiting = append(h.waiting, parcel{a, after})
	}
	rest := h.waiting[:0]
	for i, p := range h.waiting {
		ready := p.after <= now && (may || i >= waited) && (quiet || i < waited)
		if ready && p.act.Do == wire.Post {
			if ready = posts > 0 || now-h.said >= alwaysMay; ready {
				posts, h.said = posts-1, now
			}
		}
		if ready {
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
