package notice

import (
	"sync"
	"time"
)

// A ladder is timed in steps of five minutes, and no finer.
const step = 5 * time.Minute

// mark is the step in which t lies.
func mark(t time.Time) int64 { return t.Unix() / int64(step/time.Second) }

// markAfter is the first step that begins at t or later.
func markAfter(t time.Time) int64 { return mark(t.Add(step - time.Nanosecond)) }

func startOf(m int64) time.Time { return time.Unix(m*int64(step/time.Second), 0) }

// farthest is how many steps ahead an hour of the day is looked for: more than a day with
// 25 hours has.
const farthest = 26 * 12

// zones are those that were asked for before: to read one takes longer than all that is
// reckoned with it.
var zones sync.Map // name → *time.Location

func zoneOf(name string) *time.Location {
	if z, known := zones.Load(name); known {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, z)
	return z
}

func (s Settings) minute(t time.Time) int {
	t = t.In(zoneOf(s.Zone))
	return t.Hour()*60 + t.Minute()
}

// quiet tells whether t lies in the quiet hours, by the clock on her wall: on the days
// on which that jumps they are an hour shorter or longer.
func (s Settings) quiet(t time.Time) bool {
	m := s.minute(t)
	if s.QuietFrom <= s.QuietTo {
		return m >= s.QuietFrom && m < s.QuietTo
	}
	return m >= s.QuietFrom || m < s.QuietTo
}

// loud is the first step, from m on, that lies outside the quiet hours.
func (s Settings) loud(m int64) int64 {
	for i := range int64(farthest) {
		if !s.quiet(startOf(m + i)) {
			return m + i
		}
	}
	return m
}

// digest is the step in which her next digest is due.
func (s Settings) digest(now time.Time) int64 {
	from := markAfter(now)
	for i := range int64(farthest) {
		before, then := s.minute(startOf(from+i-1)), s.minute(startOf(from+i))
		if then < before { // midnight, or a clock that was set back, which may be passed twice
			before = -1
		}
		if before < s.DigestAt && then >= s.DigestAt {
			return s.loud(from + i)
		}
	}
	return s.loud(from)
}
