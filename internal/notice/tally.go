package notice

import (
	"time"

	"guildhall/internal/push"
)

// How often a device stayed silent is known in memory only: a column of it, compared
// night by night, would say who was there. A program that starts again counts anew.
type tally struct {
	handed  int // since it last showed something
	failed  int // in a row
	refused int // in a row
	silent  time.Time
	away    time.Time
}

const (
	manyTimes = 3
	longTime  = 24 * time.Hour
)

// weigh counts what became of a message, and tells how its device stands.
// That nothing was shown can be said of browsers only: other ways have no sign of it.
func (r *Room) weigh(device string, w Way, o push.Outcome) Health {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tallies == nil {
		r.tallies = map[string]*tally{}
	}
	t := r.tallies[device]
	if t == nil {
		t = &tally{}
		r.tallies[device] = t
	}
	now := r.Now()
	switch o.Kind {
	case push.Gone:
		delete(r.tallies, device)
		return Dead
	case push.Accepted:
		t.failed, t.refused = 0, 0
		if t.handed++; t.handed == 1 {
			t.silent = now
		}
		if w == Push && t.handed > manyTimes && now.Sub(t.silent) >= longTime {
			return Silent
		}
	case push.Refused, push.TooLarge:
		if t.refused++; t.refused >= manyTimes {
			return Dead
		}
	case push.Unreachable:
		if t.failed++; t.failed == 1 {
			t.away = now
		}
		if t.failed >= manyTimes && now.Sub(t.away) >= longTime {
			return Dead
		}
	}
	return Well
}

// heard forgets what was counted of a device that has shown something.
func (r *Room) heard(device string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.tallies, device)
}
