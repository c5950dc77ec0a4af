package calendar

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// Busy gives the stretches of [from, to) in which somebody is busy, joined where they
// touch and cut at both ends. Days, and times without a zone, are those of a clock in
// zone. A *Fault says which line cannot be trusted.
func (f *Feed) Busy(from, to time.Time, zone *time.Location) ([]Interval, error) {
	return BusyOfAll([]*Feed{f}, from, to, zone)
}

// BusyOfAll gives when somebody is busy by several files, which may make no more work
// together than one.
func BusyOfAll(files []*Feed, from, to time.Time, zone *time.Location) ([]Interval, error) {
	left := budget{maxSteps}
	var all []span
	for _, f := range files {
		c, err := f.count(from, to, zone, false, &left)
		if err != nil {
			return nil, err
		}
		if all = append(all, c.spans...); len(all) > maxSpans {
			return nil, wrong(1, "more than %d recurrences", maxSpans)
		}
	}
	return intervals(merged(all)), nil
}

// Meetings gives what Busy gives, each for itself, in order.
func (f *Feed) Meetings(from, to time.Time, zone *time.Location) ([]Interval, error) {
	c, err := f.count(from, to, zone, true, &budget{maxSteps})
	slices.SortFunc(c.spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	return intervals(c.spans), err
}

// count goes through everything a file says of a stretch.
func (f *Feed) count(from, to time.Time, zone *time.Location, apart bool, left *budget) (*counter, error) {
	c := &counter{from: from.Unix(), to: to.Unix(), home: &clock{z: place{zone}}, utc: &clock{z: fixed(0)}, left: left, clocks: map[*zoneID]*clock{}, apart: apart}
	for _, g := range f.series() {
		if err := c.series(g); err != nil {
			return &counter{}, err
		}
	}
	for _, p := range f.busy {
		a, err := c.instant(p.start, nil)
		if err != nil {
			return &counter{}, err
		}
		b, err := c.ends(p, a)
		if err != nil {
			return &counter{}, err
		}
		if err := c.add(a, b, 1); err != nil {
			return &counter{}, err
		}
	}
	return c, nil
}

// series are an event that recurs and what is put in place of single instances.
type series struct {
	masters []*event
	singles []*event
}

// series groups events by UID. Of several words on the same thing the last one holds,
// by SEQUENCE; those of one SEQUENCE hold all.
func (f *Feed) series() []*series {
	by := make(map[string]*series, len(f.events))
	all := make([]*series, 0, len(f.events))
	for _, e := range f.events {
		switch e.cal.method {
		case "REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER": // letters about an event, no event
			continue
		}
		g := by[e.uid]
		if g == nil || e.uid == "" {
			g = &series{}
			by[e.uid] = g
			all = append(all, g)
		}
		switch {
		case e.single:
			g.singles = append(g.singles, e)
		case len(g.masters) > 0 && e.sequence < g.masters[0].sequence:
		case len(g.masters) > 0 && e.sequence > g.masters[0].sequence:
			g.masters = append(g.masters[:0], e)
		default:
			g.masters = append(g.masters, e)
		}
	}
	return all
}

// counter counts busy stretches.
type counter struct {
	from, to int64
	home     *clock // of whose calendar it is
	utc      *clock
	clocks   map[*zoneID]*clock
	left     *budget
	spans    []span
	apart    bool // nothing is joined
}

// clock is the clock a time is read from; master's for times without a zone.
func (c *counter) clock(m moment, master *event) (*clock, error) {
	switch {
	case m.utc:
		return c.utc, nil
	case m.day:
		return c.home, nil
	case m.tz == nil && master != nil:
		return c.clock(master.start, nil)
	case m.tz == nil, m.tz.name == "" && m.tz.cal.own[""] == nil:
		return c.home, nil
	}
	k := c.clocks[m.tz]
	if k == nil {
		z, err := m.tz.find(c.to+2*366*daySeconds, c.left)
		if err != nil {
			return nil, err
		}
		k = &clock{z: z}
		c.clocks[m.tz] = k
	}
	return k, nil
}

// instant is the time that is meant.
func (c *counter) instant(m moment, master *event) (int64, error) {
	k, err := c.clock(m, master)
	if err != nil {
		return 0, err
	}
	return k.instant(m.local), nil
}

// ends is the end of a period of its own.
func (c *counter) ends(p period, start int64) (int64, error) {
	switch p.kind {
	case 'e':
		return c.instant(p.end, nil)
	case 'd':
		k, err := c.clock(p.start, nil)
		if err != nil || p.long.days == 0 {
			return start + p.long.seconds, err
		}
		return k.instant(p.start.local+p.long.days*daySeconds) + p.long.seconds, nil
	}
	return start, nil
}

// add counts a stretch.
func (c *counter) add(start, end int64, line int) error {
	if start, end = max(start, c.from), min(end, c.to); end <= start {
		return nil
	}
	// What lies within the one before adds nothing.
	if n := len(c.spans); !c.apart && n > 0 && start >= c.spans[n-1].start && start <= c.spans[n-1].end {
		c.spans[n-1].end = max(c.spans[n-1].end, end)
		return nil
	}
	if len(c.spans) >= maxSpans {
		return wrong(line, "more than %d recurrences", maxSpans)
	}
	c.spans = append(c.spans, span{start, end})
	return nil
}

// key is an instance's place in its series: the moment, or the day if days recur.
type key struct {
	day bool
	at  int64
}

// key says which instance of a master a RECURRENCE-ID or EXDATE means. A date means
// all of that day; of days, whatever hour is written beside them.
func (c *counter) key(m moment, master *event) (key, error) {
	switch {
	case m.day:
		return key{true, floorDiv(m.local, daySeconds)}, nil
	case !master.start.day:
		at, err := c.instant(m, master)
		return key{false, at}, err
	case m.utc && floorMod(m.local, daySeconds) != 0:
		// Midnight of the calendar's owner, written in UTC.
		if l := c.home.local(m.local); floorMod(l, daySeconds) == 0 {
			return key{true, floorDiv(l, daySeconds)}, nil
		}
	}
	return key{true, floorDiv(m.local, daySeconds)}, nil
}

// keys are the instances that a series leaves out or has put others in place of.
type keys map[key]bool

// series counts all instances of a series.
func (c *counter) series(g *series) error {
	masters := g.masters
	if len(masters) == 0 {
		// Whoever sends a single instance may send only that.
		for _, e := range g.latest(func(e *event) (key, error) { return c.key(e.instead, e) }) {
			if err := c.master(e, nil, nil); err != nil {
				return err
			}
		}
		return nil
	}
	for _, e := range g.latest(func(e *event) (key, error) { return c.key(e.instead, masters[0]) }) {
		if !masters[0].recalls(e) {
			if err := c.single(e); err != nil {
				return err
			}
		}
	}
	for _, m := range masters {
		if !m.hasStart {
			continue
		}
		if !c.left.spend(1 + len(g.singles)) {
			return wrong(m.line, "%v", errBudget)
		}
		instead := keys{}
		var onward []*event
		for _, e := range g.latest(func(e *event) (key, error) { return c.key(e.instead, m) }) {
			k, err := c.key(e.instead, m)
			if err != nil {
				return err
			}
			instead[k] = true
			if e.onward && e.hasStart {
				onward = append(onward, e)
			}
		}
		if err := c.master(m, instead, onward); err != nil {
			return err
		}
	}
	return nil
}

// latest keeps the last word on each instance.
func (g *series) latest(of func(*event) (key, error)) []*event {
	if len(g.singles) == 0 {
		return nil
	}
	at := map[key]int{}
	var out []*event
	for _, e := range g.singles {
		k, err := of(e)
		i, there := at[k]
		switch {
		case err != nil || !there:
			at[k] = len(out)
			out = append(out, e)
		case e.newer(out[i]):
			out[i] = e
		}
	}
	return out
}

// single counts what stands in place of one instance.
func (c *counter) single(e *event) error {
	if e.free || e.cancelled || !e.hasStart {
		return nil
	}
	k, err := c.clock(e.start, nil)
	if err != nil {
		return err
	}
	t, err := c.timing(e, k)
	if err != nil {
		return err
	}
	a := k.instant(e.start.local)
	return c.add(a, t.end(e.start.local, a), e.line)
}

// timing knows how long an event's instances last.
type timing struct {
	k     *clock
	exact bool
	long  length
}

// end is where an instance ends.
func (t timing) end(local, start int64) int64 {
	if t.exact || t.long.days == 0 {
		return start + t.long.seconds
	}
	return t.k.instant(local+t.long.days*daySeconds) + t.long.seconds
}

// reach is more than any instance lasts.
func (t timing) reach() int64 { return (t.long.days+2)*daySeconds + t.long.seconds }

// timing finds it out: from DTEND the exact length, from a DURATION days by the
// calendar (RFC 5545, 3.8.5.3). A day lasts a day if nothing else is said.
func (c *counter) timing(e *event, k *clock) (timing, error) {
	t := timing{k: k, long: e.long}
	switch {
	case e.hasEnd && e.start.day:
		t.long = length{days: (e.end.local - e.start.local) / daySeconds}
	case e.hasEnd:
		end, err := c.instant(e.end, e)
		if err != nil {
			return t, err
		}
		exact := end - k.instant(e.start.local)
		if exact < 0 {
			// A start that the clock leaves out may come behind its end.
			exact = e.end.local - e.start.local
		}
		if exact < 0 || e.end.utc != e.start.utc && end < k.instant(e.start.local) {
			return t, wrong(e.line, "an event that ends before it starts")
		}
		t.exact, t.long = true, length{seconds: exact}
	}
	if e.start.day && t.long == (length{}) {
		t.long.days = 1
	}
	return t, nil
}

// master counts the instances of an event.
func (c *counter) master(e *event, instead keys, onward []*event) error {
	if !e.hasStart || (e.free || e.cancelled) && len(onward) == 0 {
		return nil
	}
	k, err := c.clock(e.start, nil)
	if err != nil {
		return err
	}
	if len(e.rules)+len(e.dates)+len(instead)+len(e.except)+len(onward) == 0 {
		t, err := c.timing(e, k)
		if err != nil {
			return err
		}
		a := k.instant(e.start.local)
		return c.add(a, t.end(e.start.local, a), e.line)
	}
	r := recurrence{c: c, e: e, k: k, instead: instead}
	if err := r.prepare(onward); err != nil {
		return err
	}
	err = r.all()
	if errors.Is(err, errBudget) {
		return wrong(e.line, "%v", errBudget)
	}
	return err
}

// sorted puts events in the order in which their changes begin.
func sorted(list []onwards) {
	slices.SortStableFunc(list, func(a, b onwards) int { return int(min(1, max(-1, a.at-b.at))) })
}
