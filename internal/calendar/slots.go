package calendar

import (
	"sort"
	"time"
)

// Slots gives the stretches in [from, to) for which somebody can be met, in order of
// their begin: those of her hours of which neither the meeting nor what is kept free
// around it touches anything in busy, at least the notice after now. booked are the
// meetings she has already: they are busy and count for the daily limit. Slots may
// overlap where the step is shorter than a meeting: they are offers of which one is taken.
func (r Rules) Slots(from, to, now time.Time, busy, booked []Interval) []Interval {
	taken := merged(append(spans(busy), spans(booked)...))
	f := finder{Rules: r, k: &clock{z: place{r.Zone}}, taken: taken, from: from.Unix(), to: to.Unix()}
	// A fraction of a second is rounded so that nobody comes early.
	f.first = max(f.from, now.Add(r.Notice+time.Second-1).Unix())
	first := floorDiv(f.k.local(f.from), daySeconds) - 1
	last := floorDiv(f.k.local(f.to), daySeconds) + 1
	if r.Horizon > 0 {
		last = min(last, floorDiv(f.k.local(now.Unix()), daySeconds)+int64(r.Horizon))
	}
	full := map[int64]int{}
	for _, b := range booked {
		full[floorDiv(f.k.local(b.Start.Unix()), daySeconds)]++
	}
	for day := first; day <= last; day++ {
		if r.Daily == 0 || full[day] < r.Daily {
			f.day(day)
		}
	}
	return intervals(f.found)
}

// finder looks for slots day by day.
type finder struct {
	Rules
	k        *clock
	taken    []span
	next     int // the first of taken that could matter still
	from, to int64
	first    int64 // no meeting before
	found    []span
}

// day looks through one day.
func (f *finder) day(day int64) {
	hours := f.Week[weekdayOf(day)]
	if len(f.Exceptions) > 0 {
		y, m, d := dateOf(day)
		if other, ok := f.Exceptions[time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)]; ok {
			hours = other
		}
	}
	length, step := int64(f.Length/time.Second), int64(f.Step/time.Second)
	for _, h := range hours {
		a, b := day*daySeconds+int64(h.From)*60, day*daySeconds+int64(h.To)*60
		start, end := f.k.instant(a), f.k.instant(b)
		// The first step that is late enough.
		if start < f.first {
			start += -floorDiv(start-f.first, step) * step
		}
		for ; start+length <= end && start+length <= f.to; start += step {
			s := span{start, start + length}
			if f.within(s, a, b) && f.clear(s) {
				f.found = append(f.found, s)
			}
		}
	}
}

// within tells whether the clock shows nothing but a to b all through a slot, also
// where it is put forward or back in the midst of it.
func (f *finder) within(s span, a, b int64) bool {
	for t := s.start; ; {
		g := f.k.at(t)
		until := min(g.end, s.end)
		if t+g.offset < a || until+g.offset > b {
			return false
		}
		if until == s.end {
			return true
		}
		t = until
	}
}

// clear tells whether nothing lies in a slot and around it. Slots are asked for by and
// large in order, so that the search goes on where it stopped.
func (f *finder) clear(s span) bool {
	s.start -= int64(f.Before / time.Second)
	s.end += int64(f.After / time.Second)
	t := f.taken
	if n := f.next; n > 0 && t[n-1].end > s.start {
		f.next = sort.Search(len(t), func(i int) bool { return t[i].end > s.start })
	}
	for f.next < len(t) && t[f.next].end <= s.start {
		f.next++
	}
	return f.next == len(t) || t[f.next].start >= s.end
}

// Open tells whether a moment lies in the hours: whether somebody who keeps to them is there.
func (r Rules) Open(at time.Time) bool {
	r.Length, r.Step, r.Before, r.After, r.Notice, r.Daily, r.Horizon = time.Minute, time.Minute, 0, 0, 0, 0, 0
	at = at.Truncate(time.Minute)
	return len(r.Slots(at, at.Add(time.Minute), at, nil, nil)) > 0
}

// Workdays are the hours of those who have said nothing: from nine to six, Monday to Friday.
func Workdays(zone *time.Location) Rules {
	r := Rules{Zone: zone}
	for day := range 5 {
		r.Week[day] = []Hours{{9 * 60, 18 * 60}}
	}
	return r
}
