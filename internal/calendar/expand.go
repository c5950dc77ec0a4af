package calendar

import (
	"errors"
	"slices"
)

// budget is how much work a file may still make.
type budget struct{ steps int }

// errBudget says that it is used up.
var errBudget = errors.New("more recurrences than can be counted")

// spend takes some of it.
func (b *budget) spend(n int) bool {
	b.steps -= n
	return b.steps >= 0
}

// walk is a rule on its way from its start.
type walk struct {
	rule
	start int64 // DTSTART
	hint  int64 // nothing before this is of interest, if nothing needs counting
	last  int64 // nothing after this is
	seen  int
	left  *budget
	yield func(int64) bool
	cost  int     // of judging a day
	times []int64 // of a day, of rules no more frequent than daily
	list  []int64 // days of one period
}

// each gives the times of a rule in order, as local times: all from start up to and
// with last, or only those from hint on, until yield says no. COUNT counts what the rule
// gives: a start that is none of that comes on top.
func (r *rule) each(start, hint, last int64, left *budget, yield func(int64) bool) error {
	w := walk{rule: r.from(start), start: start, hint: max(hint, start), last: last, left: left, yield: yield}
	w.cost = 1 + (len(w.months)+len(w.weeks)+len(w.yearDays)+len(w.days)+len(w.weekday)+len(w.hours)+len(w.minutes)+len(w.seconds)+len(w.pos))/4
	if r.count > 0 {
		w.hint = start
	}
	if w.freq >= hourly {
		return w.units()
	}
	if !left.spend(len(w.hours) * len(w.minutes) * len(w.seconds)) {
		return errBudget
	}
	for _, h := range w.hours {
		for _, m := range w.minutes {
			for _, s := range w.seconds {
				w.times = append(w.times, int64(h*3600+m*60+s))
			}
		}
	}
	return w.periods()
}

// give hands out one time; false ends the walk.
func (w *walk) give(t int64) bool {
	if t < w.start {
		return true
	}
	if t > w.last {
		return false
	}
	w.seen++
	if w.count > 0 && w.seen > w.count {
		return false
	}
	return w.yield(t)
}

// periods walks from year to year, month to month, week to week, or day to day.
func (w *walk) periods() error {
	day := floorDiv(w.start, daySeconds)
	hint := floorDiv(w.hint, daySeconds)
	y, m, _ := dateOf(day)
	hy, hm, _ := dateOf(hint)
	var k int64
	switch w.freq {
	case yearly:
		k = int64(hy - y)
	case monthly:
		k = int64(hy-y)*12 + int64(hm-m)
	case weekly:
		day -= floorMod(int64(weekdayOf(day)-w.wkst), 7)
		k = (hint - day) / 7
	case daily:
		k = hint - day
	}
	for k = max(0, k/w.interval-1); ; k++ {
		n := k * w.interval
		w.list = w.list[:0]
		var first int64
		switch w.freq {
		case yearly:
			first = w.year(y + int(n))
		case monthly:
			mm := int64(m-1) + n
			first = w.month(y+int(mm/12), int(mm%12)+1)
		case weekly:
			first = day + 7*n
			w.span(first, first+7)
		default:
			first = day + n
			w.span(first, first+1)
		}
		if first*daySeconds > w.last || w.seen > 0 && w.count > 0 && w.seen >= w.count {
			return nil
		}
		if more, err := w.hand(); !more || err != nil {
			return err
		}
	}
}

// span collects the days of a stretch that the rule lets pass.
func (w *walk) span(from, to int64) {
	w.left.spend(int(to-from) * w.cost)
	for d := from; d < to; d++ {
		if w.on(d) {
			w.list = append(w.list, d)
		}
	}
}

// year collects the days of a year, and gives its first day.
func (w *walk) year(y int) int64 {
	if len(w.months) == 0 {
		w.span(dayOf(y, 1, 1), dayOf(y+1, 1, 1))
		return dayOf(y, 1, 1)
	}
	for m := 1; m <= 12; m++ {
		if slices.Contains(w.months, m) {
			w.month(y, m)
		}
	}
	return dayOf(y, 1, 1)
}

// month collects the days of a month, and gives its first day.
func (w *walk) month(y, m int) int64 {
	first := dayOf(y, m, 1)
	if len(w.days) == 1 && w.days[0] > 0 && len(w.weekday)+len(w.weeks)+len(w.yearDays) == 0 {
		// The plainest rule: one day of the month.
		w.left.spend(1)
		if w.days[0] <= monthDays(y, m) && (len(w.months) == 0 || slices.Contains(w.months, m)) {
			w.list = append(w.list, first+int64(w.days[0]-1))
		}
		return first
	}
	w.span(first, first+int64(monthDays(y, m)))
	return first
}

// hand gives out what a period holds, or what BYSETPOS picks of it.
func (w *walk) hand() (more bool, err error) {
	if !w.left.spend(w.cost) {
		return false, errBudget
	}
	n := len(w.list) * len(w.times)
	at := func(i int) int64 { return w.list[i/len(w.times)]*daySeconds + w.times[i%len(w.times)] }
	if len(w.pos) > 0 {
		for _, i := range picked(w.pos, n) {
			if !w.give(at(i)) {
				return false, nil
			}
		}
		return true, nil
	}
	for i := range n {
		t := at(i)
		if t < w.hint {
			continue
		}
		if !w.left.spend(1) {
			return false, errBudget
		}
		if !w.give(t) {
			return false, nil
		}
	}
	return true, nil
}

// picked are the places, from 0, that BYSETPOS picks among n.
func picked(pos []int, n int) []int {
	var out []int
	for _, p := range pos {
		switch {
		case p > 0 && p <= n:
			out = append(out, p-1)
		case p < 0 && -p <= n:
			out = append(out, n+p)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// units walks from hour to hour, minute to minute, or second to second.
func (w *walk) units() error {
	unit := []int64{3600, 60, 1}[w.freq-hourly]
	base := floorDiv(w.start, unit)
	k := max(0, (floorDiv(w.hint, unit)-base)/w.interval-1)
	for {
		if !w.left.spend(w.cost) {
			return errBudget
		}
		at := (base + k*w.interval) * unit
		if at > w.last || w.seen > 0 && w.count > 0 && w.seen >= w.count {
			return nil
		}
		if next, skip := w.refuses(at); skip {
			// The first unit at or after next.
			k += max(1, -floorDiv(at-next, unit*w.interval))
			continue
		}
		more, err := w.within(at)
		if !more || err != nil {
			return err
		}
		k++
	}
}

// refuses tells whether day, hour or minute is not one of the rule's, and where the
// next one begins.
func (w *walk) refuses(at int64) (next int64, skip bool) {
	day, second := floorDiv(at, daySeconds), int(floorMod(at, daySeconds))
	switch {
	case !w.on(day):
		return (day + 1) * daySeconds, true
	case len(w.hours) > 0 && !slices.Contains(w.hours, second/3600):
		return at - int64(second%3600) + 3600, true
	case w.freq >= minutely && len(w.minutes) > 0 && !slices.Contains(w.minutes, second/60%60):
		return at - int64(second%60) + 60, true
	case w.freq == secondly && len(w.seconds) > 0 && !slices.Contains(w.seconds, second%60):
		return at + 1, true
	}
	return 0, false
}

// within gives out the times of one hour, minute or second.
func (w *walk) within(at int64) (more bool, err error) {
	minutes, seconds := w.minutes, w.seconds
	if w.freq > hourly {
		minutes = []int{0}
	}
	if w.freq > minutely {
		seconds = []int{0}
	}
	n := len(minutes) * len(seconds)
	time := func(i int) int64 {
		return at + int64(minutes[i/len(seconds)]*60+seconds[i%len(seconds)])
	}
	if len(w.pos) > 0 {
		for _, i := range picked(w.pos, n) {
			if !w.give(time(i)) {
				return false, nil
			}
		}
		return true, nil
	}
	for i := range n {
		if !w.left.spend(1) {
			return false, errBudget
		}
		if t := time(i); t >= w.hint && !w.give(t) {
			return false, nil
		}
	}
	return true, nil
}
