package question

import (
	"time"

	"guildhall/internal/epoch"
)

// Day is a calendar day in UTC, counted from 1 January 1970; 0 is none. Clocks
// count days and nothing finer: a day has no zone and no summer time.
type Day int

// DayOf is the day of a moment, wherever the moment was written down.
func DayOf(t time.Time) Day { return Day(epoch.Day(t)) }

// Time is the first moment of the day.
func (d Day) Time() time.Time { return epoch.StartOfDay(int(d)) }

// String writes the day as 2020-06-12; none is empty.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// The days that a form may name.
const (
	earliest = Day(10957) // 1 January 2000
	latest   = Day(47481) // 31 December 2099
)

// ParseDay reads 2020-06-12. ok is false for anything else, and for a day before
// 2000 or after 2099.
func ParseDay(s string) (d Day, ok bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, false
	}
	d = DayOf(t)
	return d, d >= earliest && d <= latest
}
