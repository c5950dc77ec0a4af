package main

import "math/rand/v2"

// held is the browser's rule for posts of a mask, as docs/PASSES.md has it under
// Pace: a post leaves when the visit ends if the device has not spoken openly
// during it or in the six hours before; otherwise it stays for up to 72 hours,
// and leaves at the beginning of the first visit after that with six quiet hours
// before it.
type held struct {
	spoke   hours // when the device spoke openly last
	waiting []parcel
}

// parcel is a post on the device.
type parcel struct {
	post  int // its number
	after hours
}

const (
	quietHours = 6
	mostHeld   = 72
)

func newHeld() *held { return &held{spoke: -1000} }

// begin gives what leaves as a visit begins.
func (h *held) begin(now hours) (leave []int) {
	if now-h.spoke < quietHours {
		return nil
	}
	rest := h.waiting[:0]
	for _, p := range h.waiting {
		if p.after <= now {
			leave = append(leave, p.post)
		} else {
			rest = append(rest, p)
		}
	}
	h.waiting = rest
	return leave
}

// end gives what leaves as a visit ends, of the posts written in it.
func (h *held) end(r *rand.Rand, now hours, written []int) (leave []int) {
	if now-h.spoke >= quietHours {
		return written
	}
	for _, p := range written {
		h.waiting = append(h.waiting, parcel{p, now + mostHeld*r.Float64()})
	}
	return nil
}
