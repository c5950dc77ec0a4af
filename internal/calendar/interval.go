package calendar

import (
	"slices"
	"time"
)

// Interval is a span of time; its end is not part of it.
type Interval struct{ Start, End time.Time }

// Merge sorts intervals and joins those that touch. Empty ones vanish.
func Merge(all ...[]Interval) []Interval {
	var s []span
	for _, list := range all {
		for _, i := range list {
			s = append(s, span{i.Start.Unix(), i.End.Unix()})
		}
	}
	return intervals(merged(s))
}

// span is an interval in seconds since 1970, UTC.
type span struct{ start, end int64 }

// merged sorts and joins what touches.
func merged(s []span) []span {
	s = slices.DeleteFunc(s, func(i span) bool { return i.end <= i.start })
	slices.SortFunc(s, func(a, b span) int {
		switch {
		case a.start < b.start:
			return -1
		case a.start > b.start:
			return 1
		}
		return 0
	})
	out := s[:0]
	for _, i := range s {
		if n := len(out); n > 0 && i.start <= out[n-1].end {
			out[n-1].end = max(out[n-1].end, i.end)
			continue
		}
		out = append(out, i)
	}
	return out
}

// intervals are spans as the outside sees them.
func intervals(s []span) []Interval {
	out := make([]Interval, len(s))
	for i, v := range s {
		out[i] = Interval{time.Unix(v.start, 0).UTC(), time.Unix(v.end, 0).UTC()}
	}
	return out
}

// spans are intervals as the inside counts them.
func spans(all []Interval) []span {
	out := make([]span, len(all))
	for i, v := range all {
		out[i] = span{v.Start.Unix(), v.End.Unix()}
	}
	return out
}
