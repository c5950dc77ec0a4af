package calendar

// event is a VEVENT, or what of it says when somebody is busy.
type event struct {
	line     int
	cal      *scope
	uid      string
	sequence int
	stamp    int64 // DTSTAMP; later ones win

	start, end       moment
	hasStart, hasEnd bool
	long             length
	hasLong          bool

	free      bool // TRANSP:TRANSPARENT
	cancelled bool

	rules, without []*rule  // RRULE, EXRULE
	dates          []period // RDATE
	except         []moment // EXDATE

	instead moment // RECURRENCE-ID
	single  bool   // has one
	onward  bool   // RANGE=THISANDFUTURE
}

// newer tells whether an event is a later word on the same thing.
func (e *event) newer(o *event) bool {
	if e.sequence != o.sequence {
		return e.sequence > o.sequence
	}
	return e.stamp >= o.stamp
}

// recalls tells whether an event is a letter that cancels a series, and with it what was
// said before of one instance.
func (e *event) recalls(single *event) bool {
	return e.cal.method == "CANCEL" && single.sequence <= e.sequence
}

// check looks at what only the whole event can show.
func (e *event) check() error {
	if e.single && !e.hasStart && e.cancelled {
		e.start, e.hasStart = e.instead, true
	}
	switch {
	case !e.hasStart && len(e.rules)+len(e.dates) > 0:
		return wrong(e.line, "an event that recurs and never starts: it has no DTSTART")
	case !e.hasStart && e.hasEnd:
		return wrong(e.line, "an event that ends and never starts: it has no DTSTART")
	case e.hasEnd && e.start.day != e.end.day:
		return wrong(e.line, "an event of which one end is a day and the other an hour")
	case e.hasEnd && e.start.day && e.end.local < e.start.local:
		return wrong(e.line, "an event that ends before it starts")
	}
	return nil
}

// takes reads one property of an event.
func (e *event) takes(r *reader, p *property) (err error) {
	switch p.name {
	case "UID":
		e.uid = string(p.value)
	case "SEQUENCE":
		n, _ := number(p.value) // what is no number counts as none
		e.sequence = n
	case "DTSTAMP":
		if t, err := instant(p.value, p.line); err == nil {
			e.stamp = t.local
		}
	case "DTSTART":
		if e.hasStart {
			return wrong(p.line, "an event that starts twice")
		}
		e.hasStart = true
		e.start, err = r.moment(p)
	case "DTEND":
		if e.hasEnd {
			return wrong(p.line, "an event that ends twice")
		}
		e.hasEnd = true
		e.end, err = r.moment(p)
	case "DURATION":
		e.hasLong = true
		e.long, err = duration(p.value, p.line)
	case "TRANSP":
		e.free = is(p.value, "TRANSPARENT")
	case "STATUS":
		e.cancelled = is(p.value, "CANCELLED")
	case "RECURRENCE-ID":
		e.single = true
		rng, _ := p.param("RANGE")
		e.onward = is([]byte(rng), "THISANDFUTURE")
		e.instead, err = r.moment(p)
	default:
		return e.recurs(r, p)
	}
	return err
}

// recurs reads the properties of recurrence.
func (e *event) recurs(r *reader, p *property) error {
	switch p.name {
	case "RRULE", "EXRULE":
		u, err := readRule(p.value, p.line)
		if err != nil {
			return err
		}
		if p.name == "RRULE" {
			e.rules = append(e.rules, u)
		} else {
			e.without = append(e.without, u)
		}
	case "RDATE":
		dates, err := r.periods(p)
		e.dates = append(e.dates, dates...)
		return err
	case "EXDATE":
		dates, err := r.periods(p)
		for _, d := range dates {
			e.except = append(e.except, d.start)
		}
		return err
	}
	return nil
}
