package main

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Hours are virtual, counted from the beginning of the epoch in which the
// members live under masks for the first time.
type hours = float64

const (
	hoursOfDay  = 24
	daysOfWeek  = 7
	daysOfEpoch = 28
	liveDays    = 2 * daysOfEpoch // an epoch, its boundary, and another
)

// habits are how somebody lives with the hall. They differ widely between people,
// and the adversary has all of them to learn from.
type habits struct {
	rate     float64 // visits a day
	open     float64 // chance that a visit holds an open post
	mask     float64 // that it holds a mask's post
	zone     float64 // hours by which her evening differs
	separate bool    // never lives openly and under the mask in one visit
}

// call is one time somebody comes by.
type call struct {
	at        hours
	open      bool // speaks openly
	mask      bool // speaks under the mask
	account   bool // is signed in
	asMask    bool // sends a mask's visit
	reply     bool // answers rather than begins
	maskFirst bool // in this visit she looks in as the mask before she is there openly
}

// habit is how people differ in one thing: by a factor, log-normally.
type habit struct{ middle, deviation, most float64 }

// The habits of the world, and its evenings. The adversary is given them: in life he
// would have to learn them.
var (
	visitsADay = habit{0.8, 0.6, math.Inf(1)}
	openShare  = habit{0.3, 0.5, 0.9}
	maskShare  = habit{0.15, 0.5, 0.9}
)

const (
	mostZone      = 8 // hours that an evening may be earlier or later
	eveningHour   = 19
	eveningSpread = 3 // standard deviation, hours
)

func (h habit) at(x float64) float64 { return min(h.most, h.middle*math.Exp(h.deviation*x)) }

// drawHabits draws somebody.
func drawHabits(r *rand.Rand, w world) habits {
	return habits{
		rate: visitsADay.at(r.NormFloat64()), open: openShare.at(r.NormFloat64()), mask: maskShare.at(r.NormFloat64()),
		zone: float64(r.IntN(2*mostZone+1) - mostZone), separate: w.separate,
	}
}

// drawCalls draws a life of visits.
func drawCalls(r *rand.Rand, h habits, w world) []call {
	var calls []call
	for t := hours(0); ; {
		t += r.ExpFloat64() * hoursOfDay / h.rate
		if t >= hours(w.days()*hoursOfDay) {
			break
		}
		evening := math.Mod(eveningHour+eveningSpread*r.NormFloat64()-h.zone+2*hoursOfDay, hoursOfDay)
		c := call{at: math.Floor(t/hoursOfDay)*hoursOfDay + evening, account: true, asMask: true, reply: r.IntN(3) > 0, maskFirst: r.IntN(2) > 0}
		c.open, c.mask = r.Float64() < h.open, r.Float64() < h.mask
		if w.apart && c.open {
			c.mask = false
		}
		if h.separate { // one presence or the other, drawn apart from what is said
			if c.account = r.IntN(2) == 0; c.account {
				c.mask = false
			} else {
				c.open = false
			}
			c.asMask = !c.account
		}
		calls = append(calls, c)
	}
	slices.SortFunc(calls, func(a, b call) int { return compare(a.at, b.at) })
	return calls
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// world is one kind of hall to be measured.
type world struct {
	members  int
	pace     string
	apart    bool // nobody speaks openly and under a mask in one visit
	separate bool // account and mask are never present together
	letters  bool // masks write by letters, through somebody else's letterbox
	hasty    bool // devices do at once what is not a post, and mind open posts only
	control  string
	short    bool // ends before the boundary
}

// days is how long members live in it.
func (w world) days() int {
	if w.short {
		return 25
	}
	return liveDays
}

// timing is how what a mask does comes out: the pace, or that letters bring it.
func (w world) timing() string {
	if w.letters {
		return byLetters
	}
	return w.pace
}

// kind names what is special about a world.
func (w world) kind() string {
	switch {
	case w.short:
		return w.control + "-short"
	case w.control != "":
		return w.control
	case w.apart:
		return "apart"
	case w.separate && w.letters:
		return "separate"
	case w.separate:
		return "direct"
	case w.letters:
		return "letters"
	case w.hasty:
		return "hasty"
	}
	return "plain"
}

// punctual adds the visits without which somebody would miss a window, a batch or
// a renewal.
func punctual(r *rand.Rand, calls []call, w world) []call {
	for _, days := range [][2]float64{{0, 7}, {13.1, 14}, {31.1, 33}, {34.5, 35}} {
		at := hoursOfDay * (days[0] + (days[1]-days[0])*r.Float64())
		if at < hours(w.days()*hoursOfDay) {
			calls = append(calls, call{at: at, account: days[0] == 0, asMask: true})
		}
	}
	slices.SortFunc(calls, func(a, b call) int { return compare(a.at, b.at) })
	return calls
}
