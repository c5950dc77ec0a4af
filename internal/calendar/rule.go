package calendar

import (
	"slices"
	"strings"
)

// frequencies, from the longest.
const (
	yearly = iota
	monthly
	weekly
	daily
	hourly
	minutely
	secondly
)

var frequencies = []string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"}

var weekdays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// nth is a BYDAY: a weekday, and which one of the month or year (0: each).
type nth struct{ n, day int }

// rule is a RRULE or EXRULE.
type rule struct {
	line     int
	freq     int
	interval int64
	count    int // 0: no limit
	bound    bool
	until    moment // if bound
	wkst     int

	months   []int
	weeks    []int
	yearDays []int
	days     []int // of the month
	weekday  []nth
	hours    []int
	minutes  []int
	seconds  []int
	pos      []int
}

// readRule reads a RRULE.
func readRule(v []byte, line int) (*rule, error) {
	r := &rule{line: line, freq: -1, interval: 1}
	for _, part := range strings.Split(string(v), ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		key, value, _ := strings.Cut(strings.ToUpper(part), "=")
		ok, err := r.part(strings.TrimSpace(key), strings.TrimSpace(value))
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, wrong(line, "a rule of recurrence says %q, which makes no sense", shown([]byte(part)))
		}
	}
	if r.freq < 0 {
		return nil, wrong(line, "a rule of recurrence without FREQ")
	}
	if len(r.pos) > 0 && len(r.months)+len(r.weeks)+len(r.yearDays)+len(r.days)+len(r.weekday)+len(r.hours)+len(r.minutes)+len(r.seconds) == 0 {
		return nil, wrong(line, "BYSETPOS needs another BY… beside it")
	}
	for _, l := range [][]int{r.hours, r.minutes, r.seconds} {
		slices.Sort(l)
	}
	r.hours, r.minutes, r.seconds = slices.Compact(r.hours), slices.Compact(r.minutes), slices.Compact(r.seconds)
	return r, nil
}

// part reads one part of a rule; false says that it makes no sense.
func (r *rule) part(key, v string) (ok bool, err error) {
	switch key {
	case "FREQ":
		r.freq = slices.Index(frequencies, v)
		return r.freq >= 0, nil
	case "INTERVAL":
		n, ok := number([]byte(v))
		r.interval = int64(n)
		return ok && n > 0, nil
	case "COUNT":
		r.count, ok = number([]byte(v))
		return ok && r.count > 0, nil
	case "UNTIL":
		r.bound = true
		r.until, err = instant([]byte(v), r.line)
		return true, err
	case "WKST":
		r.wkst = slices.Index(weekdays, v)
		return r.wkst >= 0, nil
	case "BYDAY":
		return r.byDay(v), nil
	case "BYMONTH":
		r.months, ok = ints(v, 1, 12, false)
	case "BYWEEKNO":
		r.weeks, ok = ints(v, 1, 53, true)
	case "BYYEARDAY":
		r.yearDays, ok = ints(v, 1, 366, true)
	case "BYMONTHDAY":
		r.days, ok = ints(v, 1, 31, true)
	case "BYHOUR":
		r.hours, ok = ints(v, 0, 23, false)
	case "BYMINUTE":
		r.minutes, ok = ints(v, 0, 59, false)
	case "BYSECOND":
		r.seconds, ok = ints(v, 0, 60, false)
		for i, s := range r.seconds {
			r.seconds[i] = min(s, 59)
		}
	case "BYSETPOS":
		r.pos, ok = ints(v, 1, 366, true)
	case "RSCALE": // RFC 7529
		ok = v == "GREGORIAN"
	case "SKIP":
		ok = v == "OMIT"
	default:
		ok = strings.HasPrefix(key, "X-")
	}
	return ok, nil
}

// byDay reads MO,+1TU,-1SU.
func (r *rule) byDay(v string) bool {
	for _, s := range strings.Split(v, ",") {
		s = strings.TrimSpace(s)
		if len(s) < 2 || len(r.weekday) > 1000 {
			return false
		}
		d := nth{day: slices.Index(weekdays, s[len(s)-2:])}
		if n := s[:len(s)-2]; n != "" {
			digits := strings.TrimLeft(n, "+-")
			m, ok := number([]byte(digits))
			if !ok || m < 1 || m > 53 || len(n)-len(digits) > 1 {
				return false
			}
			if d.n = m; n[0] == '-' {
				d.n = -m
			}
		}
		if d.day < 0 {
			return false
		}
		r.weekday = append(r.weekday, d)
	}
	return true
}

// from is the rule with what it leaves to the start filled in (RFC 5545, 3.3.10).
func (r *rule) from(start int64) rule {
	f := *r
	day, second := floorDiv(start, daySeconds), int(floorMod(start, daySeconds))
	_, m, d := dateOf(day)
	switch {
	case len(f.weeks) > 0 && f.freq == yearly && len(f.weekday)+len(f.days)+len(f.yearDays) == 0:
		f.weekday = []nth{{day: weekdayOf(day)}}
	case len(f.weeks)+len(f.yearDays)+len(f.days)+len(f.weekday) > 0:
	case f.freq == yearly:
		if len(f.months) == 0 {
			f.months = []int{m}
		}
		f.days = []int{d}
	case f.freq == monthly:
		f.days = []int{d}
	case f.freq == weekly:
		f.weekday = []nth{{day: weekdayOf(day)}}
	}
	if len(f.hours) == 0 && f.freq < hourly {
		f.hours = []int{second / 3600}
	}
	if len(f.minutes) == 0 && f.freq < minutely {
		f.minutes = []int{second / 60 % 60}
	}
	if len(f.seconds) == 0 && f.freq < secondly {
		f.seconds = []int{second % 60}
	}
	return f
}

// on tells whether the rule's day parts let a day pass.
func (r *rule) on(day int64) bool {
	if len(r.weekday) == 0 && len(r.days) == 0 && len(r.months) == 0 && len(r.yearDays) == 0 && len(r.weeks) == 0 {
		return true
	}
	y, m, d := dateOf(day)
	if len(r.months) > 0 && !slices.Contains(r.months, m) {
		return false
	}
	if len(r.days) > 0 && !either(r.days, d, d-monthDays(y, m)-1) {
		return false
	}
	if len(r.weekday) > 0 && !r.onWeekday(day, y, m, d) {
		return false
	}
	if len(r.yearDays) > 0 {
		n := int(day-dayOf(y, 1, 1)) + 1
		if !either(r.yearDays, n, n-yearDays(y)-1) {
			return false
		}
	}
	return len(r.weeks) == 0 || r.inWeek(day, y)
}

// either tells whether one of two numbers is in a list.
func either(list []int, a, b int) bool {
	for _, n := range list {
		if n == a || n == b {
			return true
		}
	}
	return false
}

// onWeekday judges BYDAY. Which one of the month or year counts for MONTHLY and YEARLY.
func (r *rule) onWeekday(day int64, y, m, d int) bool {
	w := weekdayOf(day)
	for _, b := range r.weekday {
		if b.day != w {
			continue
		}
		if b.n == 0 || r.freq > monthly || len(r.weeks) > 0 {
			return true
		}
		at, of := d, monthDays(y, m)
		if r.freq == yearly && len(r.months) == 0 {
			at, of = int(day-dayOf(y, 1, 1))+1, yearDays(y)
		}
		if b.n == (at-1)/7+1 || b.n == -((of-at)/7+1) {
			return true
		}
	}
	return false
}

// inWeek judges BYWEEKNO.
func (r *rule) inWeek(day int64, y int) bool {
	first := firstWeek(y, r.wkst)
	switch next := firstWeek(y+1, r.wkst); {
	case day >= next:
		first, y = next, y+1
	case day < first:
		first, y = firstWeek(y-1, r.wkst), y-1
	}
	n := int(day-first)/7 + 1
	all := int(firstWeek(y+1, r.wkst)-first) / 7
	return either(r.weeks, n, n-all-1)
}
