package question

import (
	"cmp"
	"slices"
)

// State is how a question stands.
type State string

// The states.
const (
	Open     State = "open"     // nobody has answered it, or askers say that what came does not
	Partly   State = "partly"   // an answer came that answers a part: the clock runs on
	Paused   State = "paused"   // open, but these days are not counted, for a reason
	Given    State = "given"    // an answer came; no asker has judged it yet
	Answered State = "answered" // askers say that the answer answers it
	Closed   State = "closed"   // no answer is waited for any more, for a reason
)

// Waits tells whether an answer is still owed.
func (s State) Waits() bool { return s == Open || s == Partly || s == Paused }

// Tally is all that a clock needs to be read on any day. It follows from a
// question's book alone, and knows no today.
type Tally struct {
	State      State
	Owes       Owes
	Since      Day // on which the clock began
	Stop       Day // on which it stopped; 0: it runs
	PausedDays int // in pauses that ended
	PausedFrom Day // of the pause that has not; 0: none
	Promised   Day // by which an answer was promised; 0: none
}

// Clock is a tally read on a day.
type Clock struct {
	Tally
	Waited int // days, pauses left out; after an answer: the delay, for ever
	Paused int // days
	Late   int // days since a promised day went by without an answer
}

// LongestFirst sorts questions by the days that they have waited, pauses left out;
// those that waited equally long keep their order.
func LongestFirst(qs []Question, today Day) {
	slices.SortStableFunc(qs, func(a, b Question) int { return cmp.Compare(b.Tally.On(today).Waited, a.Tally.On(today).Waited) })
}

// On reads the clock on a day.
func (t Tally) On(today Day) Clock {
	c := Clock{Tally: t, Paused: t.PausedDays}
	end := today
	if t.Stop != 0 {
		end = t.Stop
	}
	if t.PausedFrom != 0 {
		c.Paused += max(0, int(end-max(t.PausedFrom, t.Since)))
	}
	c.Waited = max(0, int(end-t.Since)-c.Paused)
	if t.Promised != 0 && t.State.Waits() {
		c.Late = max(0, int(today-t.Promised))
	}
	return c
}

// span is a pause: its first day, and the first that counts again.
type span struct{ from, to Day }

// Reckon reads a question's book: asked is the day on which it was asked, owes
// who owed the answer at first, judged what askers made of each answer by its
// number. Entries that were taken back are passed over, so that taking back is as
// if it had not been; days of a closure that was reopened are counted, so that
// closing and reopening wins nothing.
func Reckon(asked Day, owes Owes, book []Entry, judged map[int]Verdict) Tally {
	t := Tally{Since: asked, Owes: owes, State: Open}
	var pauses []span
	var closed Day
	var answers []Entry
	for _, e := range book {
		if e.UndoneBy != 0 {
			continue
		}
		switch e.Kind {
		case Correction:
			if e.Day != 0 {
				t.Since = e.Day
			}
			if e.Owes != "" {
				t.Owes = e.Owes
			}
		case Merge:
			if e.Day != 0 && e.Day < t.Since {
				t.Since = e.Day
			}
		case Pause:
			if t.PausedFrom == 0 {
				t.PausedFrom = e.Day
			}
		case Resumption:
			if t.PausedFrom != 0 {
				pauses = append(pauses, span{t.PausedFrom, e.Day})
				t.PausedFrom = 0
			}
		case Promise:
			t.Promised = e.Until
		case Answer:
			answers = append(answers, e)
		case Closure:
			closed = e.Day
		case Reopening:
			closed = 0
		}
	}
	t.settle(answers, judged, closed)
	t.count(pauses)
	return t
}

// settle finds what stopped the clock: the earliest answer that askers have not
// sent back, else a closure.
func (t *Tally) settle(answers []Entry, judged map[int]Verdict, closed Day) {
	for _, a := range answers {
		switch judged[a.N] {
		case Full:
			if t.State != Answered || a.Day < t.Stop {
				t.State, t.Stop = Answered, a.Day
			}
		case Unjudged:
			if t.State != Answered && (t.State != Given || a.Day < t.Stop) {
				t.State, t.Stop = Given, a.Day
			}
		case InPart:
			if t.State == Open {
				t.State = Partly
			}
		}
	}
	switch {
	case t.Stop != 0:
	case closed != 0:
		t.State, t.Stop = Closed, closed
	case t.PausedFrom != 0:
		t.State = Paused
	}
}

// count adds up the pauses between the clock's beginning and its stop.
func (t *Tally) count(pauses []span) {
	for _, p := range pauses {
		from, to := max(p.from, t.Since), p.to
		if t.Stop != 0 {
			to = min(to, t.Stop)
		}
		t.PausedDays += max(0, int(to-from))
	}
	if t.Stop != 0 && t.PausedFrom != 0 {
		t.PausedDays += max(0, int(t.Stop-max(t.PausedFrom, t.Since)))
		t.PausedFrom = 0
	}
}

// Judge says what the askers' words come to: more than half decide, else it is a
// part.
func Judge(full, partly, not int) Verdict {
	switch all := full + partly + not; {
	case all == 0:
		return Unjudged
	case 2*full > all:
		return Full
	case 2*not > all:
		return Not
	}
	return InPart
}
