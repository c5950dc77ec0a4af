package watch

import (
	"time"

	"guildhall/internal/terms/clause"
)

// How long a change must stand.
const (
	// Lasts is how long a change must stand before somebody is told. Pages of
	// which two states are served in turn change within minutes to days;
	// platforms that took a change back took four days and more.
	Lasts = 72 * time.Hour
	// wholeLasts is how long a text must have stood that gave way to an earlier
	// one, word for word: what was served by mistake goes in this way, and has
	// stood for up to five days.
	wholeLasts = 6 * 24 * time.Hour
	// flapsFrom is how many states in turn make a clause that flaps, and
	// surelyFlaps how many it takes that even the last state is not believed.
	flapsFrom   = 3
	surelyFlaps = 5
	// settledAfter is how long a state of such a clause must stand, if no
	// earlier one stood longer.
	settledAfter = 14 * 24 * time.Hour
	// rollout is how long after its first appearance a text that comes and
	// goes is still the same piece of news.
	rollout = 30 * 24 * time.Hour
)

// identity is a change by what it says: from which clause to which.
type identity struct{ old, new uint64 }

func identify(c *clause.Change) (id identity) {
	if c.Sort != clause.New {
		id.old = c.Old.Key
	}
	if c.Sort != clause.Removed {
		id.new = c.New.Key
	}
	return id
}

// state is which side of a change stands at a spell.
type state uint8

const (
	unknown state = iota
	before
	after
)

// interval is a time through which one state stood.
type interval struct {
	state state
	spell int
	at    time.Time
	until time.Time // zero for the last
	back  bool      // it ended with a whole earlier text
}

// stands tells which state a spell shows; unknown means that neither side is
// there and the state before it goes on.
func (id identity) stands(p *page, last state, replaced bool) state {
	hasOld, hasNew := id.old != 0 && p.doc.Has(id.old), id.new != 0 && p.doc.Has(id.new)
	switch {
	case id.old == 0 && hasNew, id.new == 0 && !hasOld:
		return after
	case id.old == 0 && last == after && replaced:
		return unknown // what was new has been worded anew, it has not gone
	case id.old == 0, id.new == 0:
		return before
	case hasNew && !hasOld:
		return after
	case hasOld && !hasNew:
		return before
	}
	return unknown
}

// intervals follows a change through a track.
func (t track) intervals(id identity, replaced func(spell int, key uint64) bool) (out []interval) {
	last, gone := unknown, false
	for i, s := range t {
		gone = gone || replaced(i, id.new)
		now := id.stands(s.page, last, gone)
		if now == after {
			gone = false
		}
		if now == unknown || now == last {
			continue
		}
		if n := len(out); n > 0 {
			out[n-1].until = s.at
			out[n-1].back = s.first < out[n-1].spell
		}
		out = append(out, interval{state: now, spell: i, at: s.at})
		last = now
	}
	return out
}

// settled gives the spells at which a change came to stay: the first at which
// it appeared, or, when it had been there and was taken back, the one at which
// it came again. until is Judge's; waits is the spell of a change that stands
// but not long enough yet, or -1.
func settled(ivs []interval, until time.Time) (at []int, waits int) {
	if len(ivs) == 0 {
		return nil, -1
	}
	stands, waits := ivs[0].state, -1
	been := map[state]bool{stands: true}
	longest := time.Duration(0)
	first := -1 // interval in which the pending state first appeared
	for i := range ivs {
		iv := &ivs[i]
		need := iv.need(i, longest)
		if !iv.until.IsZero() {
			longest = max(longest, iv.until.Sub(iv.at))
		}
		if iv.state == stands {
			continue
		}
		if first < 0 {
			first = i
		}
		if stood, enough := iv.stood(i, until, need); !enough {
			if !stood && iv.state == after {
				waits = iv.spell
			}
			continue
		}
		from := i
		if !been[iv.state] && iv.at.Sub(ivs[first].at) <= rollout {
			from = first
		}
		stands, first = iv.state, -1
		been[stands] = true
		if stands == after {
			at = append(at, ivs[from].spell)
		}
	}
	return at, waits
}

// need is how long the i-th state must stand to be believed, when an earlier
// one stood for longest.
func (iv *interval) need(i int, longest time.Duration) time.Duration {
	switch {
	case i >= flapsFrom:
		return max(settledAfter, 2*longest)
	case iv.back:
		return wholeLasts
	}
	return Lasts
}

// stood tells whether the i-th state is over or will never be believed, and
// whether it stood long enough.
func (iv *interval) stood(i int, until time.Time, need time.Duration) (over, enough bool) {
	switch {
	case !iv.until.IsZero():
		return true, iv.until.Sub(iv.at) >= need
	case until.IsZero():
		return true, i < surelyFlaps
	}
	return false, until.Sub(iv.at) >= need
}
