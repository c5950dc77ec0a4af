package calendar

import (
	"bytes"
	"strings"
)

// Limits of what is read.
const (
	MaxBytes = 10 << 20 // of a file

	maxDepth = 16        // components in components
	maxZones = 1000      // names of zones in one file
	maxDays  = 366 * 400 // of a duration
	maxTurns = 20_000    // of a VTIMEZONE
	maxSteps = 20_000_000
	maxSpans = 1_000_000 // busy stretches of a file
)

// Feed is a calendar file that has been read and can be trusted.
type Feed struct {
	events []*event
	busy   []period // of VFREEBUSY
}

// Read reads a file. What it cannot trust as a whole it refuses with a *Fault.
func Read(b []byte) (*Feed, error) {
	if len(b) > MaxBytes {
		return nil, wrong(1, "the file is larger than %d MB", MaxBytes>>20)
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return nil, wrong(1+bytes.Count(b[:i], []byte("\n")), "a zero byte: this is no text")
	}
	r := reader{s: scanner{b: b}, feed: &Feed{}}
	for {
		p, ok, err := r.s.next(r.wants)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if err := r.take(&p); err != nil {
			return nil, err
		}
	}
	switch last := max(1, r.s.line); {
	case len(r.open) > 0:
		return nil, wrong(last, "the file ends before END:%s", r.open[len(r.open)-1])
	case r.cal == nil:
		return nil, wrong(1, "this is no calendar: it does not begin with BEGIN:VCALENDAR")
	}
	return r.feed, nil
}

// reader is a file on its way into a Feed.
type reader struct {
	s     scanner
	feed  *Feed
	open  []string // components that are open
	cal   *scope
	event *event
	zone  *ownZone
	name  []string // of the zone
	part  *observance
	zones int
}

// place is the component that is open, with what matters of where it lies.
func (r *reader) place() string {
	switch {
	case r.part != nil:
		return "observance"
	case len(r.open) == 0:
		return ""
	case len(r.open) > 2:
		return "other"
	}
	return r.open[len(r.open)-1]
}

// wanted are the properties that say something here, by component.
var wanted = map[string]map[string]string{
	"VCALENDAR":  names("METHOD", "VERSION"),
	"VEVENT":     names("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "TRANSP", "STATUS", "RECURRENCE-ID", "RRULE", "EXRULE", "RDATE", "EXDATE"),
	"VFREEBUSY":  names("FREEBUSY"),
	"VTIMEZONE":  names("TZID"),
	"observance": names("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"),
	"other":      names(),
}

// names are those, and what is read everywhere.
func names(list ...string) map[string]string {
	m := map[string]string{"BEGIN": "BEGIN", "END": "END"}
	for _, n := range list {
		m[n] = n
	}
	return m
}

// wants gives a property's name in capitals if it is one to be read; empty if not.
func (r *reader) wants(name []byte) string {
	if len(r.open) == 0 {
		return string(bytes.ToUpper(name))
	}
	m := wanted[r.place()]
	if m == nil {
		m = wanted["other"]
	}
	if n := m[string(name)]; n != "" {
		return n
	}
	for _, c := range name {
		if c >= 'a' && c <= 'z' {
			return m[string(bytes.ToUpper(name))]
		}
	}
	return ""
}

// take puts a line where it belongs.
func (r *reader) take(p *property) error {
	switch p.name {
	case "": // of no interest
		return nil
	case "BEGIN":
		return r.begin(strings.ToUpper(string(p.value)), p.line)
	case "END":
		return r.end(strings.ToUpper(string(p.value)), p.line)
	}
	switch r.place() {
	case "":
		return wrong(p.line, "this is no calendar: it does not begin with BEGIN:VCALENDAR")
	case "VCALENDAR":
		if p.name == "VERSION" && string(p.value) == "1.0" {
			return wrong(p.line, "a calendar of version 1.0, whose rules mean something else")
		}
		if p.name == "METHOD" {
			r.cal.method = strings.ToUpper(string(p.value))
		}
	case "VEVENT":
		return r.event.takes(r, p)
	case "VFREEBUSY":
		kind, _ := p.param("FBTYPE")
		if is([]byte(kind), "FREE") {
			return nil
		}
		busy, err := r.periods(p)
		r.feed.busy = append(r.feed.busy, busy...)
		return err
	case "VTIMEZONE":
		r.name = append(r.name, string(p.value), text(p.value))
	case "observance":
		return r.observe(p)
	}
	return nil
}

// begin opens a component.
func (r *reader) begin(name string, line int) error {
	switch {
	case len(r.open) == 0 && name != "VCALENDAR":
		return wrong(line, "this is no calendar: it does not begin with BEGIN:VCALENDAR")
	case len(r.open) > 0 && name == "VCALENDAR":
		return wrong(line, "a calendar inside of a calendar")
	case len(r.open) >= maxDepth:
		return wrong(line, "more than %d components inside of each other", maxDepth)
	}
	r.open = append(r.open, name)
	switch {
	case len(r.open) == 1:
		r.cal = &scope{ids: map[string]*zoneID{}, own: map[string]*ownZone{}}
	case len(r.open) == 2 && name == "VEVENT":
		r.event = &event{line: line, cal: r.cal}
	case len(r.open) == 2 && name == "VTIMEZONE":
		r.zone, r.name = &ownZone{line: line}, nil
	case len(r.open) == 3 && r.zone != nil && (name == "STANDARD" || name == "DAYLIGHT"):
		r.part = &observance{line: line}
	case len(r.open) == 3 && name == "VEVENT":
		return wrong(line, "an event inside of something else: an END is missing before it")
	}
	return nil
}

// end closes a component.
func (r *reader) end(name string, line int) error {
	n := len(r.open)
	if n == 0 || r.open[n-1] != name {
		return wrong(line, "END:%s, and something else is open", shown([]byte(name)))
	}
	r.open = r.open[:n-1]
	switch {
	case n == 1:
		for _, e := range r.feed.events {
			if e.cal == r.cal {
				e.cancelled = e.cancelled || r.cal.method == "CANCEL"
			}
		}
	case n == 2 && r.event != nil:
		e := r.event
		r.event = nil
		if err := e.check(); err != nil {
			return err
		}
		r.feed.events = append(r.feed.events, e)
	case n == 2 && r.zone != nil:
		for _, name := range r.name {
			r.cal.own[name] = r.zone
			if low := strings.ToLower(name); r.cal.own[low] == nil {
				r.cal.own[low] = r.zone
			}
		}
		r.zone = nil
	case n == 3 && r.part != nil:
		r.zone.rules = append(r.zone.rules, *r.part)
		r.part = nil
	}
	return nil
}

// observe reads a property of a zone's rule.
func (r *reader) observe(p *property) (err error) {
	o := r.part
	switch p.name {
	case "DTSTART":
		o.begun = true
		o.start, err = instant(p.value, p.line)
	case "TZOFFSETFROM":
		o.hasFrom = true
		o.from, err = offset(p.value, p.line)
	case "TZOFFSETTO":
		o.hasTo = true
		o.to, err = offset(p.value, p.line)
	case "RRULE":
		var u *rule
		u, err = readRule(p.value, p.line)
		o.rules = append(o.rules, u)
	case "RDATE":
		var dates []period
		dates, err = r.periods(p)
		o.dates = append(o.dates, dates...)
	}
	return err
}

// moment reads a time and which zone it is in.
func (r *reader) moment(p *property) (moment, error) {
	m, err := instant(p.value, p.line)
	if err != nil {
		return m, err
	}
	if v, ok := p.param("VALUE"); ok && is([]byte(v), "DATE") && !m.day {
		return m, wrong(p.line, "%s says that it is a date, and it is a time", p.name)
	}
	m.tz, err = r.tz(p)
	return m, err
}

// periods reads a list of times.
func (r *reader) periods(p *property) ([]period, error) {
	tz, err := r.tz(p)
	if err != nil {
		return nil, err
	}
	var out []period
	for v := range bytes.SplitSeq(p.value, []byte(",")) {
		if v = bytes.TrimSpace(v); len(v) == 0 {
			continue
		}
		d, err := readPeriod(v, p.line)
		if err != nil {
			return nil, err
		}
		d.start.tz, d.end.tz = tz, tz
		out = append(out, d)
	}
	return out, nil
}

// tz is the zone that a property names.
func (r *reader) tz(p *property) (*zoneID, error) {
	name, ok := p.param("TZID")
	if !ok {
		return nil, nil
	}
	id := r.cal.ids[name]
	if id == nil {
		if r.zones++; r.zones > maxZones {
			return nil, wrong(p.line, "more than %d time zones", maxZones)
		}
		id = &zoneID{name: name, cal: r.cal, line: p.line}
		r.cal.ids[strings.Clone(name)] = id
	}
	return id, nil
}

// is compares a word whatever its case.
func is(v []byte, word string) bool { return bytes.EqualFold(bytes.TrimSpace(v), []byte(word)) }
